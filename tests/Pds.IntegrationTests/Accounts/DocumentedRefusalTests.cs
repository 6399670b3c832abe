using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Identity;
using Pds.IntegrationTests.Accounts.Mailing;

namespace Pds.IntegrationTests.Accounts;

/// <summary>What the endpoint tables say of methods in states that few clients see.</summary>
internal sealed class DocumentedRefusalTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private const string Admin = "com.atproto.admin.";
    private const string Identity = "com.atproto.identity.";
    private readonly ManualTime _time = new();

    /// <summary>Pitfall E 98.</summary>
    [Test]
    public async Task CreateAccount_WithTheHandleOfAnInactiveAccount_AnswersHandleNotAvailable()
    {
        using AccountClient closed = await Pds.CreateAccountAsync();
        await closed.PostAsync(Server + "deactivateAccount", new JsonObject());
        using AccountClient down = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(down.Did);

        foreach (AccountClient holder in new[] { closed, down })
        {
            string handle = holder.Handle.ToString();
            await (await Pds.Http.PostXrpcAsync(Server + "createAccount", GivenAccounts.SignUp(handle.ToUpperInvariant(), $"other-{handle}@example.com")))
                .ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotAvailable");
        }
    }

    [Test]
    public async Task CreateAccount_WithARecoveryKeyThatIsNone_Refuses()
    {
        JsonObject input = GivenAccounts.SignUp("recoverable.test");
        input["recoveryKey"] = "did:key:nonsense";

        await (await Pds.Http.PostXrpcAsync(Server + "createAccount", input)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    /// <summary>Pitfall G 138: the strongest key first, so that the owner can undo what the server does.</summary>
    [Test]
    public async Task CreateAccount_WithARecoveryKey_PutsItBeforeTheServers()
    {
        JsonObject input = GivenAccounts.SignUp("recovering.test");
        IKeyFactory keys = Pds.Services.GetRequiredService<IKeyFactory>();
        string key = keys.CreateSigner(KeyCurve.P256, keys.Generate(KeyCurve.P256)).PublicKey.ToDidKey();
        input["recoveryKey"] = key;

        using AccountClient made = new(Pds, await (await Pds.Http.PostXrpcAsync(Server + "createAccount", input)).ShouldBeJsonAsync());

        PlcOperation? genesis = await Pds.Services.GetRequiredService<IPlcDirectory>().FindLastAsync(made.Did, CancellationToken.None);
        Assert.That(genesis!.Data!.RotationKeys, Has.Count.EqualTo(2));
        Assert.That(genesis.Data.RotationKeys[0], Is.EqualTo(key));
    }

    /// <summary>Pitfalls E 100 and E 101: an identity that somebody brought is never touched, and nothing is told before activation.</summary>
    [Test]
    public async Task CreateAccount_WhenMovingInFails_LeavesTheIdentityAlone()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        ForeignIdentity grace = await Pds.CreateForeignIdentityAsync("grace.test");
        JsonObject input = GivenAccounts.SignUp(grace.Handle, GivenMail.EmailOf(alice));
        input["did"] = grace.Did.ToString();

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Post, Server + "createAccount", grace.Token(), input);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((await Pds.Services.GetRequiredService<IPlcDirectory>().FindLastAsync(grace.Did, CancellationToken.None))!.Cid, Is.EqualTo(grace.Genesis.Cid));
    }

    [Test]
    public async Task CreateSession_OfADeactivatedAccount_SaysSo()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync(Server + "deactivateAccount", new JsonObject());

        JsonNode session = await (await Pds.Http.SignInAsync(alice.Handle.ToString())).ShouldBeJsonAsync();

        Assert.That(((bool?)session["active"], (string?)session["status"]), Is.EqualTo(((bool?)false, "deactivated")));
    }

    [Test]
    public async Task GetServiceAuth_OfATakendownAccount_OpensTheWayOutOnly()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(alice.Did);
        string token = (string)(await (await Pds.Http.SignInAsync(alice.Handle.ToString(), allowTakendown: true)).ShouldBeJsonAsync())["accessJwt"]!;

        HttpResponseMessage leaving = await Pds.Http.SendAsync(HttpMethod.Get, $"{Server}getServiceAuth?aud=did:web:new.example&lxm={Server}createAccount", token);
        HttpResponseMessage other = await Pds.Http.SendAsync(HttpMethod.Get, $"{Server}getServiceAuth?aud=did:web:new.example&lxm=com.example.other", token);
        HttpResponseMessage any = await Pds.Http.SendAsync(HttpMethod.Get, $"{Server}getServiceAuth?aud=did:web:new.example", token);

        await leaving.ShouldBeJsonAsync();
        await other.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await any.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task ActivateAccount_WhenTakenDown_AnswersAccountNotFound()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(alice.Did);

        JsonNode body = await (await alice.PostAsync(Server + "activateAccount")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "AccountNotFound");

        Assert.That((string?)body["message"], Is.EqualTo("user not found"));
    }

    /// <summary>Pitfall G 147 among them: the endpoint must be the public URL to the letter.</summary>
    [TestCase("slash", "DID document atproto_pds service endpoint does not match PDS public url")]
    [TestCase("key", "DID document verification method does not match expected signing key")]
    [TestCase("handle", "DID document handle does not match the account's handle: publish at://heidi-handle.test as its first handle, or change the account's handle to the published one")]
    [TestCase("no-handle", "DID document handle does not match the account's handle: publish at://heidi-no-handle.test as its first handle, or change the account's handle to the published one")]
    public async Task ActivateAccount_WhenTheIdentityIsNotRight_SaysWhatIsWrong(string fault, string message)
    {
        ForeignIdentity heidi = await Pds.CreateForeignIdentityAsync($"heidi-{fault}.test");
        using AccountClient moved = await heidi.MoveInAsync();
        JsonNode wanted = await (await moved.GetAsync(Identity + "getRecommendedDidCredentials")).ShouldBeJsonAsync();
        PlcData data = new()
        {
            RotationKeys = [heidi.Rotation.PublicKey.ToDidKey(), (string)wanted["rotationKeys"]![0]!],
            VerificationMethods = new Dictionary<string, string> { ["atproto"] = fault == "key" ? heidi.Signing.PublicKey.ToDidKey() : (string)wanted["verificationMethods"]!["atproto"]! },
            AlsoKnownAs = fault switch
            {
                "handle" => ["at://heidi.example.com", $"at://{heidi.Handle}"],
                "no-handle" => [heidi.Handle.ToString(), $"https://{heidi.Handle}"],
                _ => [$"at://{heidi.Handle}"],
            },
            Services = new Dictionary<string, PlcService> { ["atproto_pds"] = new("AtprotoPersonalDataServer", Pds.Options.Server.PublicOrigin + (fault == "slash" ? "/" : "")) },
        };
        await Pds.Services.GetRequiredService<IPlcDirectory>().SubmitAsync(heidi.Did, PlcOperation.SignUpdate(data, heidi.Genesis.Cid, heidi.Rotation), CancellationToken.None);

        JsonNode body = await (await moved.PostAsync(Server + "activateAccount")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That((string?)body["message"], Is.EqualTo(message));
        Assert.That((bool?)(await (await moved.GetAsync(Server + "checkAccountStatus")).ShouldBeJsonAsync())["validDid"], Is.False);
    }

    [Test]
    public async Task DeactivateAccount_WithADateToDelete_ShowsItToTheOperatorAndActivationForgetsIt()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using HttpClient admin = Pds.CreateOperator();

        await alice.PostAsync(Server + "deactivateAccount", new JsonObject { ["deleteAfter"] = "2099-01-02T03:04:05.678Z" });

        JsonNode info = await (await admin.GetXrpcAsync(Admin + "getAccountInfo", ("did", alice.Did))).ShouldBeJsonAsync();
        Assert.That((string?)info["deactivatedAt"], Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
        await (await alice.PostAsync(Server + "deactivateAccount", new JsonObject { ["deleteAfter"] = "some day" })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((await alice.PostAsync(Server + "activateAccount")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        info = await (await admin.GetXrpcAsync(Admin + "getAccountInfo", ("did", alice.Did))).ShouldBeJsonAsync();
        Assert.That(info["deactivatedAt"], Is.Null);
    }

    [TestCase("deactivated")]
    [TestCase("takendown")]
    public async Task DeleteAccount_WhateverTheStatus_Works(string status)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string token = await Pds.RequestTokenAsync(alice, Server + "requestAccountDelete");
        await (status == "takendown" ? Pds.TakeDownAsync(alice.Did) : alice.PostAsync(Server + "deactivateAccount", new JsonObject()));
        JsonObject input = new() { ["did"] = alice.Did.ToString(), ["password"] = new string('x', 513), ["token"] = token };

        await (await Pds.Http.PostXrpcAsync(Server + "deleteAccount", input)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        input["password"] = PdsApplication.Password;
        HttpResponseMessage response = await Pds.Http.PostXrpcAsync(Server + "deleteAccount", input);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await (await Pds.Http.GetXrpcAsync("com.atproto.sync.getRepoStatus", ("did", alice.Did))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RepoNotFound");
    }

    /// <summary>Pitfall E 103: only applying a takedown ends sessions.</summary>
    [Test]
    public async Task LiftOfATakedown_EndsNoSessions()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        await Pds.TakeDownAsync(alice.Did, applied: false);

        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task AppPasswords_AreListedWithoutTheirSecrets_AndAnUnknownOneIsRevokedInPeace()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode made = await (await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "phone" })).ShouldBeJsonAsync();

        string list = (await (await alice.GetAsync(Server + "listAppPasswords")).ShouldBeJsonAsync()).ToJsonString();
        HttpResponseMessage revoked = await alice.PostAsync(Server + "revokeAppPassword", new JsonObject { ["name"] = "tablet" });

        Assert.That(list, Does.StartWith("""{"passwords":[{"name":"phone","createdAt":""").And.Not.Contain((string)made["password"]!));
        Assert.That(revoked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task ResetPassword_WhenTheTokenIsOldOrWrong_SaysWhich()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = GivenMail.EmailOf(alice) });
        string token = Pds.LastToken(GivenMail.EmailOf(alice));
        _time.Advance(TimeSpan.FromMinutes(16));

        await (await ResetAsync("AAAAA-AAAAA")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await ResetAsync(token)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");

        Task<HttpResponseMessage> ResetAsync(string text) => Pds.Http.PostXrpcAsync(Server + "resetPassword", new JsonObject { ["token"] = text, ["password"] = "another password" });
    }

    [Test]
    public async Task UpdateEmailAndSignPlcOperation_WhenTheTokenIsOld_AnswerExpiredToken()
    {
        using AccountClient alice = await Pds.CreateConfirmedAccountAsync();
        string update = await Pds.RequestTokenAsync(alice, Server + "requestEmailUpdate");
        string sign = await Pds.RequestTokenAsync(alice, Identity + "requestPlcOperationSignature");
        _time.Advance(TimeSpan.FromMinutes(16));

        await (await alice.PostAsync(Server + "updateEmail", new JsonObject { ["email"] = "later@example.com", ["token"] = update })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await alice.PostAsync(Identity + "signPlcOperation", new JsonObject { ["token"] = sign })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
    }

    [Test]
    public async Task GetAccountInviteCodes_OfADeactivatedAccount_AnswersNotFound()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync(Server + "deactivateAccount", new JsonObject());

        await (await alice.GetAsync(Server + "getAccountInviteCodes")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
    }

    [Test]
    public async Task CreateInviteCodes_WhenNobodyIsNamed_BelongToTheOperator()
    {
        using HttpClient admin = Pds.CreateOperator();

        JsonNode one = await (await admin.PostXrpcAsync(Server + "createInviteCode", new JsonObject { ["useCount"] = 2 })).ShouldBeJsonAsync();
        JsonNode many = await (await admin.PostXrpcAsync(Server + "createInviteCodes", new JsonObject { ["codeCount"] = 2, ["useCount"] = 1 })).ShouldBeJsonAsync();

        JsonNode list = await (await admin.GetXrpcAsync(Admin + "getInviteCodes")).ShouldBeJsonAsync();
        JsonNode? found = list["codes"]!.AsArray().Single(code => (string?)code!["code"] == (string?)one["code"]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)one["code"], Does.Match("^localhost-[a-z2-7]{5}-[a-z2-7]{5}$"));
            Assert.That((string?)many["codes"]![0]!["account"], Is.EqualTo("admin"));
            Assert.That(many["codes"]![0]!["codes"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(((string?)found!["forAccount"], (string?)found["createdBy"], (int?)found["available"], (bool?)found["disabled"]), Is.EqualTo(("admin", "admin", (int?)2, (bool?)false)));
        }
    }

    [Test]
    public async Task GetAccountInfo_OfNobody_AnswersNotFound_AndGetAccountInfosLeavesThemOut()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage one = await admin.GetXrpcAsync(Admin + "getAccountInfo", ("did", "did:web:nobody.example"));
        JsonNode many = await (await admin.GetAsync(new Uri($"/xrpc/{Admin}getAccountInfos?dids=did:web:nobody.example&dids={alice.Did}", UriKind.Relative))).ShouldBeJsonAsync();

        await one.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
        Assert.That(many["infos"]!.AsArray().Select(info => (string?)info!["did"]), Is.EqualTo([alice.Did.ToString()]));
    }

    /// <summary>Pitfall G 142: a handle that its DID does not name is shown as <c>handle.invalid</c>.</summary>
    [Test]
    public async Task Identities_AreResolvedByEitherName_AndRefusedByTheirErrors()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        ForeignIdentity ivan = await Pds.CreateForeignIdentityAsync("ivan.invalid");
        ForeignIdentity judy = await Pds.CreateForeignIdentityAsync("judy.test");
        await Pds.Services.GetRequiredService<IPlcDirectory>().SubmitAsync(judy.Did, PlcOperation.SignTombstone(judy.Genesis.Cid, judy.Rotation), CancellationToken.None);
        const string Unknown = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

        JsonNode byHandle = await (await Pds.Http.GetXrpcAsync(Identity + "resolveIdentity", ("identifier", alice.Handle))).ShouldBeJsonAsync();
        JsonNode fresh = await (await alice.PostAsync(Identity + "refreshIdentity", new JsonObject { ["identifier"] = alice.Did.ToString() })).ShouldBeJsonAsync();
        JsonNode unlinked = await (await Pds.Http.GetXrpcAsync(Identity + "resolveIdentity", ("identifier", ivan.Did))).ShouldBeJsonAsync();
        JsonNode document = await (await Pds.Http.GetXrpcAsync(Identity + "resolveDid", ("did", alice.Did))).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(((string?)byHandle["did"], (string?)byHandle["handle"]), Is.EqualTo((alice.Did.ToString(), alice.Handle.ToString())));
            Assert.That((string?)fresh["handle"], Is.EqualTo(alice.Handle.ToString()));
            Assert.That((string?)unlinked["handle"], Is.EqualTo("handle.invalid"));
            Assert.That((string?)document["didDoc"]!["id"], Is.EqualTo(alice.Did.ToString()));
        }

        foreach ((string identifier, string error) in new[] { (Unknown, "DidNotFound"), (judy.Did.ToString(), "DidDeactivated"), ("nobody.test", "HandleNotFound") })
        {
            await (await Pds.Http.GetXrpcAsync(Identity + "resolveIdentity", ("identifier", identifier))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
            await (await alice.PostAsync(Identity + "refreshIdentity", new JsonObject { ["identifier"] = identifier })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
        }

        await (await Pds.Http.GetXrpcAsync(Identity + "resolveDid", ("did", Unknown))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "DidNotFound");
        await (await Pds.Http.GetXrpcAsync(Identity + "resolveDid", ("did", judy.Did))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "DidDeactivated");
        await (await Pds.Http.GetXrpcAsync(Identity + "resolveHandle", ("handle", "nobody.test"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotFound");
        await (await Pds.Http.GetXrpcAsync(Identity + "resolveHandle", ("handle", "not a handle"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    /// <summary>Pitfall D 88: a token that is no good is refused also where none is needed.</summary>
    [TestCase("com.atproto.sync.getLatestCommit")]
    [TestCase("com.atproto.sync.getRepo")]
    public async Task OptionalCredentials_WhenTheyAreNoGood_AreRefused(string method)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Get, $"{method}?did={alice.Did}", "nonsense");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(_time);
}
