using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Accounts;

internal sealed class CreateAccountTests : PdsTest
{
    private const string Method = "com.atproto.server.createAccount";

    // Pitfall C 52.
    [Test]
    public async Task CreateAccount_WhenNew_AnnouncesIdentityAccountCommitAndSyncInThatOrder()
    {
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");

        using AccountClient alice = await Pds.CreateAccountAsync();

        string did = alice.Did.ToString();
        await firehose.WaitForAsync(frame => frame.Type == "#sync" && (string?)frame.Body["did"] == did);
        string?[] types = [.. firehose.Events.Where(frame => (string?)(frame.Body.GetValueOrDefault("did") ?? frame.Body.GetValueOrDefault("repo")) == did).Select(frame => frame.Type)];
        Assert.That(types, Is.EqualTo(["#identity", "#account", "#commit", "#sync"]));
    }

    [Test]
    public async Task CreateAccount_WhenNew_RegistersAnIdentityThatPointsHere()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        JsonNode status = await (await alice.GetAsync("com.atproto.server.checkAccountStatus")).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((bool?)status["activated"], Is.True);
            Assert.That((bool?)status["validDid"], Is.True);
            Assert.That((long?)status["repoBlocks"], Is.EqualTo(2));
            Assert.That((long?)status["indexedRecords"], Is.Zero);
        }
    }

    [Test]
    public async Task CreateAccount_WithoutPassword_MakesAnAccountNobodyCanSignInTo()
    {
        await (await Pds.Http.PostXrpcAsync(Method, GivenAccounts.SignUp("nopassword.test", password: null))).ShouldBeJsonAsync();

        HttpResponseMessage response = await Pds.Http.SignInAsync("nopassword.test", "whatever it is");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
    }

    // Pitfall E 99.
    [TestCase("ab.test", "InvalidHandle", "Handle too short")]
    [TestCase("abcdefghijklmnopqrs.test", "InvalidHandle", "Handle too long")]
    [TestCase("a.b.test", "InvalidHandle", "Invalid characters in handle")]
    [TestCase("admin.test", "HandleNotAvailable", "Reserved handle")]
    [TestCase("not_a_handle", "InvalidRequest", "Input/handle must be a valid handle")]
    [TestCase("elonmusk.test", "HandleNotAvailable", "Reserved handle")]
    [TestCase("somebody.example.com", "UnsupportedDomain", "Not a supported handle domain")]
    [TestCase("somebody.internal", "InvalidHandle", "Handle TLD is invalid or disallowed")]
    public async Task CreateAccount_WhenTheHandleWillNotDo_SaysWhy(string handle, string error, string message)
    {
        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(Method, GivenAccounts.SignUp(handle, "handles@example.com"));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
        Assert.That((string?)body["message"], Is.EqualTo(message));
    }

    [TestCase("not an address")]
    [TestCase("a@localhost")]
    [TestCase("somebody@mailinator.com")]
    [TestCase("somebody@Sub.YOPmail.com")]
    [TestCase("some\u200Ebody@example.com")]
    public async Task CreateAccount_WhenTheAddressWillNotDo_Refuses(string email)
    {
        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(Method, GivenAccounts.SignUp("address.test", email));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo("This email address is not supported, please use a different email."));
    }

    [Test]
    public async Task CreateAccount_WithoutAddress_Refuses()
    {
        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(Method, new JsonObject { ["handle"] = "noaddress.test", ["password"] = "long enough" });

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo("Email is required"));
    }

    [TestCase(7)]
    [TestCase(257)]
    public async Task CreateAccount_WhenThePasswordIsTooShortOrLong_AnswersInvalidPassword(int length)
    {
        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(Method, GivenAccounts.SignUp("passwords.test", password: new string('x', length)));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidPassword");
    }

    [Test]
    public async Task CreateAccount_WithAPlcOperation_Refuses()
    {
        JsonObject input = GivenAccounts.SignUp("plcop.test");
        input["plcOp"] = new JsonObject();

        JsonNode body = await (await Pds.Http.PostXrpcAsync(Method, input)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That((string?)body["message"], Is.EqualTo("Unsupported input: \"plcOp\""));
    }

    [Test]
    public async Task CreateAccount_WhenTheHandleIsTaken_AnswersHandleNotAvailable([Values] bool deactivated)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        if (deactivated)
        {
            await alice.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        }

        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(Method, GivenAccounts.SignUp(alice.Handle.ToString().ToUpperInvariant(), "other@example.com"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotAvailable");
    }

    [Test]
    public async Task CreateAccount_WhenTheAddressIsTaken_Refuses()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(Method, GivenAccounts.SignUp("taken-address.test", $"{alice.Handle}@EXAMPLE.com"));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Does.StartWith("Email already taken: "));
    }

    [Test]
    public async Task CreateAccount_WhenManyWantOneHandle_GivesItToOne()
    {
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            Pds.Http.PostXrpcAsync(Method, GivenAccounts.SignUp("race.test", $"race{i}@example.com"))));

        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.OK), Is.EqualTo(1));
        foreach (HttpResponseMessage refused in responses.Where(response => response.StatusCode != HttpStatusCode.OK))
        {
            await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotAvailable");
        }
    }
}
