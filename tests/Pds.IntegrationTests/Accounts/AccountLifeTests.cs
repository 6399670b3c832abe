using System.Net;
using System.Text.Json.Nodes;
using Pds.Domain.Identifiers;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Accounts;

internal sealed class AccountLifeTests : PdsTest
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task DeactivateAccount_WhenActive_ClosesWritesAndKeepsTheSession()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");

        HttpResponseMessage response = await alice.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        JsonNode session = await (await alice.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync();
        Assert.That((string?)session["status"], Is.EqualTo("deactivated"));
        await (await WriteAsync(alice)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountDeactivated");
        FirehoseFrame told = await firehose.WaitForAsync(frame => IsAccount(frame, alice.Did) && frame.Body["active"] is false);
        Assert.That(told.Body["status"], Is.EqualTo("deactivated"));
    }

    [Test]
    public async Task ActivateAccount_WhenDeactivated_AnnouncesAccountIdentityAndSync()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");

        HttpResponseMessage response = await alice.PostAsync("com.atproto.server.activateAccount");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await firehose.WaitForAsync(_ => Of(firehose, alice.Did).Count() >= 8);
        Assert.That(
            Of(firehose, alice.Did).Select(frame => frame.Type),
            Is.EqualTo(["#identity", "#account", "#commit", "#sync", "#account", "#account", "#identity", "#sync"]));
        await alice.CreateRecordAsync();
    }

    // Pitfall E 101.
    [Test]
    public async Task CreateAccount_WithADidElsewhere_MakesASilentClosedAccount()
    {
        ForeignIdentity carol = await Pds.CreateForeignIdentityAsync("carol.test");

        using AccountClient moved = await carol.MoveInAsync();

        JsonNode status = await (await moved.GetAsync("com.atproto.server.checkAccountStatus")).ShouldBeJsonAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((bool?)status["activated"], Is.False);
            Assert.That((bool?)status["validDid"], Is.False);
        }

        await (await WriteAsync(moved)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountDeactivated");
        JsonNode early = await (await moved.PostAsync("com.atproto.server.activateAccount")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)early["message"], Is.EqualTo("DID document atproto_pds service endpoint does not match PDS public url"));

        await carol.PointHereAsync();
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");
        Assert.That((await moved.PostAsync("com.atproto.server.activateAccount")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await firehose.WaitForAsync(_ => Of(firehose, carol.Did).Count() >= 3);
        Assert.That(Of(firehose, carol.Did).Select(frame => frame.Type), Is.EqualTo(["#account", "#identity", "#sync"]));
        await moved.CreateRecordAsync();
    }

    [Test]
    public async Task CreateAccount_WithADidAndWithoutItsToken_Refuses()
    {
        ForeignIdentity dave = await Pds.CreateForeignIdentityAsync("dave.test");
        JsonObject input = GivenAccounts.SignUp(dave.Handle);
        input["did"] = dave.Did.ToString();
        using AccountClient alice = await Pds.CreateAccountAsync();

        await (await Pds.Http.PostXrpcAsync("com.atproto.server.createAccount", input)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        foreach ((string token, string error) in new[]
        {
            (alice.AccessJwt, "BadJwtType"),
            (dave.Token("com.example.other"), "BadJwtLexiconMethod"),
            (dave.Token(audience: "did:web:elsewhere.example"), "BadJwtAudience"),
            (dave.Token(signer: dave.Rotation), "BadJwtSignature"),
            ("not.a.jwt", "BadJwt"),
        })
        {
            await (await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.createAccount", token, input.DeepClone()))
                .ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, error);
        }
    }

    [Test]
    public async Task CreateAccount_WhenTheDidLivesHere_AnswersAlreadyExists()
    {
        ForeignIdentity erin = await Pds.CreateForeignIdentityAsync("erin.test");
        using AccountClient moved = await erin.MoveInAsync();
        JsonObject input = GivenAccounts.SignUp("erin-again.test");
        input["did"] = erin.Did.ToString();

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.createAccount", erin.Token(), input);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "AlreadyExists");
    }

    // Pitfalls D 63 and E 94.
    [Test]
    public async Task DeleteAccount_WithPasswordAndToken_LeavesOnlyTheNews()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.CreateRecordAsync();
        await alice.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "left over" });
        Assert.That((await alice.PostAsync("com.atproto.server.requestAccountDelete")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        string token = MailedToken(alice);

        await (await DeleteAsync(alice, "wrong password", token)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await (await DeleteAsync(alice, PdsApplication.Password, "AAAAA-AAAAA")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        HttpResponseMessage response = await DeleteAsync(alice, PdsApplication.Password, token.ToLowerInvariant());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await (await alice.GetAsync("com.atproto.server.getSession")).ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "AccountNotFound");
        await (await Pds.Http.SignInAsync(alice.Did.ToString())).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");
        FirehoseFrame told = await firehose.WaitForAsync(frame => IsAccount(frame, alice.Did));
        Assert.That(told.Body["status"], Is.EqualTo("deleted"));
        Assert.That(Of(firehose, alice.Did).Count(), Is.EqualTo(1));
        await (await DeleteAsync(alice, PdsApplication.Password, token)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task DeleteAccount_WhenTheTokenIsOld_AnswersExpiredToken()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync("com.atproto.server.requestAccountDelete");
        string token = MailedToken(alice);
        _time.Advance(TimeSpan.FromMinutes(16));

        await (await DeleteAsync(alice, PdsApplication.Password, token)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
    }

    // Pitfall D 63.
    [Test]
    public async Task UpdateSubjectStatus_WhenTakenDownAndLifted_RevokesSessionsAndTellsBoth()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "cursor=0");

        await Pds.TakeDownAsync(alice.Did);
        FirehoseFrame down = await firehose.WaitForAsync(frame => IsAccount(frame, alice.Did) && frame.Body["active"] is false);
        await (await WriteAsync(alice)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
        await Pds.TakeDownAsync(alice.Did, applied: false);

        Assert.That(down.Body["status"], Is.EqualTo("takendown"));
        await firehose.WaitForAsync(_ => Of(firehose, alice.Did).LastOrDefault() is { Type: "#account" } last && last.Body["active"] is true);
        await (await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.refreshSession", alice.RefreshJwt))
            .ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await WriteAsync(alice)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task UpdateSubjectStatus_WhenTheAccountIsUnknown_RefusesAndTellsNobody()
    {
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage response = await admin.PostXrpcAsync("com.atproto.admin.updateSubjectStatus", new JsonObject
        {
            ["subject"] = new JsonObject { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa" },
            ["takedown"] = new JsonObject { ["applied"] = true },
        });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(_time);

    private static bool IsAccount(FirehoseFrame frame, Did did) => frame.Type == "#account" && (string?)frame.Body["did"] == did.ToString();

    private static IEnumerable<FirehoseFrame> Of(FirehoseClient firehose, Did did) =>
        firehose.Events.Where(frame => (string?)(frame.Body.GetValueOrDefault("did") ?? frame.Body.GetValueOrDefault("repo")) == did.ToString());

    private static Task<HttpResponseMessage> WriteAsync(AccountClient account) => account.PostAsync("com.atproto.repo.createRecord", new JsonObject
    {
        ["repo"] = account.Did.ToString(),
        ["collection"] = "com.example.note",
        ["record"] = new JsonObject { ["$type"] = "com.example.note" },
    });

    private Task<HttpResponseMessage> DeleteAsync(AccountClient account, string password, string token) =>
        Pds.Http.PostXrpcAsync("com.atproto.server.deleteAccount", new JsonObject { ["did"] = account.Did.ToString(), ["password"] = password, ["token"] = token });

    private string MailedToken(AccountClient account)
    {
        string text = Pds.Mails.First(mail => mail.Mail.To == $"{account.Handle}@example.com").Mail.Text;
        return System.Text.RegularExpressions.Regex.Match(text, "[A-Z2-7]{5}-[A-Z2-7]{5}").Value;
    }
}
