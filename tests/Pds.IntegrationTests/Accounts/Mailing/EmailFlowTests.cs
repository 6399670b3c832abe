using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Accounts.Mailing;

internal sealed class EmailFlowTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private readonly ManualTime _time = new();

    [Test]
    public async Task CreateAccount_MailsALinkToConfirmTheAddress()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        string token = Pds.LastToken(GivenMail.EmailOf(alice));

        Assert.That(Pds.Mails[0].Mail.Subject, Is.EqualTo("Email Confirmation"));
        Assert.That(Pds.Mails[0].Mail.Text, Does.Contain($"https://bsky.app/intent/verify-email?code={token}"));
        Assert.That(Pds.Mails[0].Mail.Html, Does.Contain(token));
    }

    [Test]
    public async Task ConfirmEmail_WithTheToken_ConfirmsOnce()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string token = await Pds.RequestTokenAsync(alice, Server + "requestEmailConfirmation");

        HttpResponseMessage first = await ConfirmAsync(alice, GivenMail.EmailOf(alice).ToUpperInvariant(), token.ToLowerInvariant());
        HttpResponseMessage second = await ConfirmAsync(alice, GivenMail.EmailOf(alice), token);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await second.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        Assert.That((bool?)(await alice.SessionAsync())["emailConfirmed"], Is.True);
    }

    // Pitfall E 94.
    [Test]
    public async Task ConfirmEmail_WhenSomethingIsWrong_Refuses()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string first = await Pds.RequestTokenAsync(alice, Server + "requestEmailConfirmation");
        string second = await Pds.RequestTokenAsync(alice, Server + "requestEmailConfirmation");

        await (await ConfirmAsync(alice, "other@example.com", second)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidEmail");
        await (await ConfirmAsync(alice, GivenMail.EmailOf(alice), first)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        _time.Advance(TimeSpan.FromMinutes(16));
        await (await ConfirmAsync(alice, GivenMail.EmailOf(alice), second)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await Pds.Http.PostXrpcAsync(Server + "confirmEmail", new JsonObject())).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
    }

    [Test]
    public async Task ConfirmEmail_AfterFiveWrongTokens_RefusesTheRightOne()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string token = await Pds.RequestTokenAsync(alice, Server + "requestEmailConfirmation");
        for (int i = 0; i < 5; i++)
        {
            await (await ConfirmAsync(alice, GivenMail.EmailOf(alice), "AAAAA-AAAAA")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        }

        await (await ConfirmAsync(alice, GivenMail.EmailOf(alice), token)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");

        string next = await Pds.RequestTokenAsync(alice, Server + "requestEmailConfirmation");
        Assert.That((await ConfirmAsync(alice, GivenMail.EmailOf(alice), next)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task UpdateEmail_WhenNotConfirmed_NeedsNoToken()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode asked = await (await alice.PostAsync(Server + "requestEmailUpdate")).ShouldBeJsonAsync();

        HttpResponseMessage response = await UpdateAsync(alice, $"New-{alice.Handle}@example.com");

        Assert.That((bool?)asked["tokenRequired"], Is.False);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((string?)(await alice.SessionAsync())["email"], Is.EqualTo($"new-{alice.Handle}@example.com"));
    }

    // Pitfalls E 95 and E 97.
    [Test]
    public async Task UpdateEmail_WhenConfirmed_NeedsTheTokenFromTheOldAddress()
    {
        using AccountClient alice = await Pds.CreateConfirmedAccountAsync();
        string old = GivenMail.EmailOf(alice);
        string other = $"new-{alice.Handle}@example.com";
        JsonNode asked = await (await alice.PostAsync(Server + "requestEmailUpdate")).ShouldBeJsonAsync();
        string token = Pds.LastToken(old);
        string deletion = await Pds.RequestTokenAsync(alice, Server + "requestAccountDelete");

        await (await UpdateAsync(alice, other)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "TokenRequired");
        await (await UpdateAsync(alice, other, "AAAAA-AAAAA")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        HttpResponseMessage response = await UpdateAsync(alice, other, token);

        Assert.That((bool?)asked["tokenRequired"], Is.True);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        JsonNode session = await alice.SessionAsync();
        Assert.That(((string?)session["email"], (bool?)session["emailConfirmed"]), Is.EqualTo((other, (bool?)false)));
        JsonObject delete = new() { ["did"] = alice.Did.ToString(), ["password"] = PdsApplication.Password, ["token"] = deletion };
        await (await Pds.Http.PostXrpcAsync(Server + "deleteAccount", delete)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [TestCase("nonsense", "This email address is not supported, please use a different email.")]
    [TestCase("a@mailinator.com", "This email address is not supported, please use a different email.")]
    [TestCase("taken@example.com", "This email address is already in use, please use a different email.")]
    public async Task UpdateEmail_WhenTheAddressWillNotDo_SaysWhy(string email, string message)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.Http.PostXrpcAsync(Server + "createAccount", GivenAccounts.SignUp("holder.test", "taken@example.com"));

        JsonNode body = await (await UpdateAsync(alice, email)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That((string?)body["message"], Is.EqualTo(message));
    }

    [Test]
    public async Task MailboxMethods_WithAnAppPassword_OpenConfirmationOnly()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode made = await (await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();
        using AccountClient app = new(Pds, await (await Pds.Http.SignInAsync(alice.Handle.ToString(), (string)made["password"]!)).ShouldBeJsonAsync());

        Assert.That((await app.PostAsync(Server + "requestEmailConfirmation")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await (await app.PostAsync(Server + "requestEmailUpdate")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await UpdateAsync(app, "other@example.com")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await app.PostAsync("com.atproto.identity.requestPlcOperationSignature")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(_time);

    private static Task<HttpResponseMessage> ConfirmAsync(AccountClient account, string email, string token) =>
        account.PostAsync(Server + "confirmEmail", new JsonObject { ["email"] = email, ["token"] = token });

    private static Task<HttpResponseMessage> UpdateAsync(AccountClient account, string email, string? token = null) =>
        account.PostAsync(Server + "updateEmail", token is null ? new JsonObject { ["email"] = email } : new JsonObject { ["email"] = email, ["token"] = token });
}
