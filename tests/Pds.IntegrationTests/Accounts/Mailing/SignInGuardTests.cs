using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;

namespace Pds.IntegrationTests.Accounts.Mailing;

/// <summary>The second factor, and the end of guessing.</summary>
internal sealed class SignInGuardTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private readonly ManualTime _time = new();

    [Test]
    public async Task CreateSession_WhenTheFactorIsOn_NeedsTheTokenFromTheMailbox()
    {
        using AccountClient alice = await CreateGuardedAccountAsync();

        await (await SignInAsync(alice)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthFactorTokenRequired");
        string token = Pds.LastToken(GivenMail.EmailOf(alice));
        await (await SignInAsync(alice, "AAAAA-AAAAA")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        JsonNode session = await (await SignInAsync(alice, token.ToLowerInvariant())).ShouldBeJsonAsync();

        Assert.That(Pds.Mails[0].Mail.Subject, Is.EqualTo("Sign In Code"));
        Assert.That((bool?)session["emailAuthFactor"], Is.True);
        await (await SignInAsync(alice, token)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task CreateSession_WhenTheFactorIsOnAndThePasswordWrong_MailsNothing()
    {
        using AccountClient alice = await CreateGuardedAccountAsync();
        int mails = Pds.Mails.Count;

        HttpResponseMessage response = await Pds.Http.SignInAsync(alice.Handle.ToString(), "wrong password");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        Assert.That(Pds.Mails, Has.Count.EqualTo(mails));
    }

    [Test]
    public async Task CreateSession_WithAnAppPassword_NeedsNoFactor()
    {
        using AccountClient alice = await CreateGuardedAccountAsync();
        JsonNode made = await (await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();

        HttpResponseMessage response = await Pds.Http.SignInAsync(alice.Handle.ToString(), (string)made["password"]!);

        await response.ShouldBeJsonAsync();
    }

    [Test]
    public async Task UpdateEmail_ToSwitchTheFactor_NeedsAConfirmedAddress()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await SwitchAsync(alice, true);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((bool?)(await alice.SessionAsync())["emailAuthFactor"], Is.False);
    }

    [Test]
    public async Task UpdateEmail_ToSwitchTheFactorOff_NeedsTheToken()
    {
        using AccountClient alice = await CreateGuardedAccountAsync();

        await (await SwitchAsync(alice, false)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "TokenRequired");
        string token = await Pds.RequestTokenAsync(alice, Server + "requestEmailUpdate");
        HttpResponseMessage response = await SwitchAsync(alice, false, token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        JsonNode session = await alice.SessionAsync();
        Assert.That(((bool?)session["emailAuthFactor"], (bool?)session["emailConfirmed"]), Is.EqualTo(((bool?)false, (bool?)true)));
        await (await SignInAsync(alice)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateSession_AfterFiveWrongPasswords_IsClosedToThatAddressForAWhile()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        using HttpClient eve = Pds.CreateClientFrom("203.0.113.8");
        string[] names = [alice.Handle.ToString(), alice.Did.ToString(), GivenMail.EmailOf(alice), "@" + alice.Handle, alice.Handle.ToString().ToUpperInvariant()];
        foreach (string name in names)
        {
            await (await eve.SignInAsync(name, "wrong password")).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        }

        await (await eve.SignInAsync(alice.Handle.ToString())).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        await (await eve.SignInAsync(bob.Handle.ToString())).ShouldBeJsonAsync();
        await (await Pds.Http.SignInAsync(alice.Handle.ToString())).ShouldBeJsonAsync();

        _time.Advance(TimeSpan.FromMinutes(16));
        await (await eve.SignInAsync(alice.Handle.ToString())).ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateSession_WhenTheAccountDoesNotExist_LocksAsIfItDid()
    {
        using HttpClient eve = Pds.CreateClientFrom("203.0.113.9");
        for (int i = 0; i < 5; i++)
        {
            await (await eve.SignInAsync("nobody.test", "wrong password")).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        }

        await (await eve.SignInAsync("nobody.test", "wrong password")).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
    }

    [Test]
    public async Task DeleteAccount_AfterFiveWrongPasswords_IsClosed()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using HttpClient eve = Pds.CreateClientFrom("203.0.113.10");
        JsonObject input = new() { ["did"] = alice.Did.ToString(), ["password"] = "wrong password", ["token"] = "AAAAA-AAAAA" };
        for (int i = 0; i < 5; i++)
        {
            await (await eve.PostXrpcAsync(Server + "deleteAccount", input.DeepClone())).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        }

        await (await eve.PostXrpcAsync(Server + "deleteAccount", input.DeepClone())).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero);
    });

    private static Task<HttpResponseMessage> SwitchAsync(AccountClient account, bool on, string? token = null)
    {
        JsonObject input = new() { ["email"] = GivenMail.EmailOf(account), ["emailAuthFactor"] = on };
        if (token is not null)
        {
            input["token"] = token;
        }

        return account.PostAsync(Server + "updateEmail", input);
    }

    private Task<HttpResponseMessage> SignInAsync(AccountClient account, string? token = null)
    {
        JsonObject input = new() { ["identifier"] = account.Handle.ToString(), ["password"] = PdsApplication.Password };
        if (token is not null)
        {
            input["authFactorToken"] = token;
        }

        return Pds.Http.PostXrpcAsync(Server + "createSession", input);
    }

    private async Task<AccountClient> CreateGuardedAccountAsync()
    {
        AccountClient account = await Pds.CreateConfirmedAccountAsync();
        HttpResponseMessage response = await SwitchAsync(account, true);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return account;
    }
}
