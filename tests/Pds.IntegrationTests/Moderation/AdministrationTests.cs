using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Application.Moderation;
using Pds.Application.Settings;
using Pds.Domain.Moderation;
using Pds.IntegrationTests.Accounts;

namespace Pds.IntegrationTests.Moderation;

internal sealed class AdministrationTests : PdsTest
{
    private const string Admin = "com.atproto.admin.";
    private const string Server = "com.atproto.server.";

    private ForeignIdentity _moderator = null!;

    [OneTimeSetUp]
    public async Task TrustAModeratorAsync()
    {
        _moderator = await Pds.CreateForeignIdentityAsync("moderator.example");
        Pds.Services.GetRequiredService<ModerationSettings>().ModeratorDid = _moderator.Did.ToString();
    }

    [Test]
    public async Task SearchAccounts_ByAddress_FindsTheWholeAddressOnly()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        string email = $"{alice.Handle}@example.com";

        JsonNode found = await GetAsync("searchAccounts", ("email", email.ToUpperInvariant()));
        JsonNode part = await GetAsync("searchAccounts", ("email", email[..5]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(found["accounts"]!.AsArray().Select(account => (string?)account!["did"]), Is.EqualTo([alice.Did.ToString()]));
            Assert.That(part["accounts"]!.AsArray(), Is.Empty);
        }
    }

    [Test]
    public async Task SearchAccounts_WithoutAddress_PagesThroughAll()
    {
        HashSet<string> made = [];
        for (int i = 0; i < 3; i++)
        {
            made.Add((await Pds.CreateAccountAsync()).Did.ToString());
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            JsonNode page = await GetAsync("searchAccounts", ("limit", 1), ("cursor", cursor));
            seen.AddRange(page["accounts"]!.AsArray().Select(account => (string)account!["did"]!));
            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);

        Assert.That(made, Is.SubsetOf(seen));
        Assert.That(seen, Is.Unique);
    }

    [Test]
    public async Task UpdateAccountHandle_TakesReservedWords()
    {
        AccountClient alice = await Pds.CreateAccountAsync();

        await PostAsync("updateAccountHandle", new JsonObject { ["did"] = alice.Did.ToString(), ["handle"] = "support.test" });

        JsonNode resolved = await (await Pds.Http.GetXrpcAsync("com.atproto.identity.resolveHandle", ("handle", "support.test"))).ShouldBeJsonAsync();
        Assert.That((string?)resolved["did"], Is.EqualTo(alice.Did.ToString()));
    }

    [Test]
    public async Task UpdateAccountHandle_WhenTakenOrUnknownOrBad_IsRefused()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        AccountClient bob = await Pds.CreateAccountAsync();

        await RefusedAsync("updateAccountHandle", new JsonObject { ["did"] = alice.Did.ToString(), ["handle"] = bob.Handle.ToString() }, "HandleNotAvailable");
        await RefusedAsync("updateAccountHandle", new JsonObject { ["did"] = "did:web:unknown.example", ["handle"] = "free.test" }, "InvalidRequest");
        await RefusedAsync("updateAccountHandle", new JsonObject { ["did"] = alice.Did.ToString(), ["handle"] = "no handle" }, "InvalidRequest");
    }

    [Test]
    public async Task UpdateAccountEmail_SetsTheAddress()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        string email = $"new-{alice.Handle}@example.com";

        await PostAsync("updateAccountEmail", new JsonObject { ["account"] = alice.Handle.ToString(), ["email"] = email.ToUpperInvariant() });

        JsonNode session = await (await alice.GetAsync(Server + "getSession")).ShouldBeJsonAsync();
        Assert.That(((string?)session["email"], (bool?)session["emailConfirmed"]), Is.EqualTo((email, false)));
    }

    [Test]
    public async Task UpdateAccountEmail_WhenTakenOrUnknownOrBad_IsRefused()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        AccountClient bob = await Pds.CreateAccountAsync();

        await RefusedAsync("updateAccountEmail", new JsonObject { ["account"] = alice.Did.ToString(), ["email"] = $"{bob.Handle}@example.com" }, "InvalidRequest");
        await RefusedAsync("updateAccountEmail", new JsonObject { ["account"] = "unknown.test", ["email"] = "a@example.com" }, "InvalidRequest");
        await RefusedAsync("updateAccountEmail", new JsonObject { ["account"] = alice.Did.ToString(), ["email"] = "nonsense" }, "InvalidRequest");
    }

    [Test]
    public async Task UpdateAccountPassword_ReplacesItAndEndsSessions()
    {
        AccountClient alice = await Pds.CreateAccountAsync();

        await PostAsync("updateAccountPassword", new JsonObject { ["did"] = alice.Did.ToString(), ["password"] = "another password" });

        HttpResponseMessage refreshed = await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt);
        await refreshed.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await Pds.Http.SignInAsync(alice.Handle.ToString(), "another password")).ShouldBeJsonAsync();
    }

    [Test]
    public async Task UpdateAccountPassword_WhenTooLongOrUnknown_IsRefused()
    {
        AccountClient alice = await Pds.CreateAccountAsync();

        await RefusedAsync("updateAccountPassword", new JsonObject { ["did"] = alice.Did.ToString(), ["password"] = new string('x', 257) }, "InvalidRequest");
        await RefusedAsync("updateAccountPassword", new JsonObject { ["did"] = "did:web:unknown.example", ["password"] = "long enough" }, "NotFound");
    }

    [Test]
    public async Task UpdateAccountSigningKey_ReplacesTheKeyEverywhere()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        await alice.CreateRecordAsync();
        string head = (await alice.HeadAsync()).ToString();
        string key = await ReserveAsync(alice);

        await PostAsync("updateAccountSigningKey", new JsonObject { ["did"] = alice.Did.ToString(), ["signingKey"] = key });

        var published = await Pds.Services.GetRequiredService<IPlcDirectory>().FindLastAsync(alice.Did, CancellationToken.None);
        var signer = await Pds.Services.GetRequiredService<ISigningKeys>().GetAsync(alice.Did, CancellationToken.None);
        var commit = await Pds.Services.GetRequiredService<Application.Repositories.IRepositoryStore>().FindHeadAsync(alice.Did, CancellationToken.None);
        JsonNode status = await (await alice.GetAsync(Server + "checkAccountStatus")).ShouldBeJsonAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(published!.Data!.VerificationMethods["atproto"], Is.EqualTo(key));
            Assert.That(signer.PublicKey.ToDidKey(), Is.EqualTo(key));
            Assert.That(commit!.Cid.ToString(), Is.Not.EqualTo(head));
            Assert.That(commit.HasSignatureOf(signer.PublicKey, Pds.Services.GetRequiredService<Domain.Crypto.IVerifier>()), Is.True);
            Assert.That((bool?)status["validDid"], Is.True);
        }

        await alice.CreateRecordAsync();
        await RefusedAsync("updateAccountSigningKey", new JsonObject { ["did"] = alice.Did.ToString(), ["signingKey"] = key }, "InvalidRequest");
    }

    [Test]
    public async Task UpdateAccountSigningKey_WhenNotReservedOrUnknown_IsRefused()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        AccountClient bob = await Pds.CreateAccountAsync();
        string bobs = await ReserveAsync(bob);

        await RefusedAsync("updateAccountSigningKey", new JsonObject { ["did"] = alice.Did.ToString(), ["signingKey"] = bobs }, "InvalidRequest");
        await RefusedAsync("updateAccountSigningKey", new JsonObject { ["did"] = alice.Did.ToString(), ["signingKey"] = "did:web:no-key.example" }, "InvalidRequest");
        await RefusedAsync("updateAccountSigningKey", new JsonObject { ["did"] = "did:web:unknown.example", ["signingKey"] = bobs }, "NotFound");
    }

    [Test]
    public async Task SendEmail_ReachesTheAccount()
    {
        AccountClient alice = await Pds.CreateAccountAsync();

        JsonNode answer = await PostAsync("sendEmail", Mail(alice.Did.ToString()));

        Assert.That((bool?)answer["sent"], Is.True);
        Assert.That(
            Pds.Mails.Select(mail => (mail.Mail.To, mail.Mail.Subject, mail.Mail.Text, mail.Mail.Html)),
            Has.Member(($"{alice.Handle}@example.com", "Message via your PDS", "Please stop.", (string?)"<p>Please <b>stop</b>.</p>")));
    }

    [Test]
    public async Task SendEmail_WhenUnknown_IsRefused() => await RefusedAsync("sendEmail", Mail("did:web:unknown.example"), "InvalidRequest");

    [Test]
    public async Task Moderator_MayUseModeratorsMethodsAndNoOthers()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        JsonObject input = new() { ["account"] = alice.Did.ToString(), ["note"] = "by a moderator" };

        HttpResponseMessage allowed = await Pds.Http.SendAsync(HttpMethod.Post, Admin + "disableAccountInvites", _moderator.Token(Admin + "disableAccountInvites"), input);
        HttpResponseMessage refused = await Pds.Http.SendAsync(
            HttpMethod.Post, Admin + "deleteAccount", _moderator.Token(Admin + "deleteAccount"), new JsonObject { ["did"] = alice.Did.ToString() });

        Assert.That(allowed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((int)refused.StatusCode, Is.AnyOf(400, 401));
        AuditAct act = (await ReadTrailAsync()).Last(record => record.Act.Action == Admin + "disableAccountInvites").Act;
        Assert.That((act.Actor, act.Subject, act.Reason, act.Outcome), Is.EqualTo((_moderator.Did.ToString(), alice.Did.ToString(), "by a moderator", AuditAct.Done)));
    }

    [Test]
    public async Task Stranger_WithAServiceToken_IsUntrusted()
    {
        ForeignIdentity stranger = await Pds.CreateForeignIdentityAsync("stranger.example");

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Get, $"{Admin}getAccountInfo?did={stranger.Did}", stranger.Token(Admin + "getAccountInfo"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "UntrustedIss");
    }

    [Test]
    public async Task Acts_AtTheSameTime_AreAllRecordedInOneChain()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        int before = (await ReadTrailAsync()).Count;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("enableAccountInvites", new JsonObject { ["account"] = alice.Did.ToString() })));
        await RefusedAsync("enableAccountInvites", new JsonObject { ["account"] = "did:web:unknown.example" }, "NotFound");

        IReadOnlyList<AuditRecord> trail = await ReadTrailAsync();
        AuditChain chain = new();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(trail, Has.Count.EqualTo(before + 21));
            Assert.That(trail.All(chain.TryFollow), Is.True);
            Assert.That(trail[^1].Act.Outcome, Is.EqualTo("NotFound"));
        }
    }

    [Test]
    public async Task Trail_HoldsNoSecrets()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        await PostAsync("updateAccountPassword", new JsonObject { ["did"] = alice.Did.ToString(), ["password"] = "marked secret 1" });
        await PostAsync("updateAccountEmail", new JsonObject { ["account"] = alice.Did.ToString(), ["email"] = "marked-secret@example.com" });

        IReadOnlyList<AuditRecord> trail = await ReadTrailAsync();

        Assert.That(string.Concat(trail.Select(record => record.Act.ToString())), Does.Not.Contain("marked").IgnoreCase);
    }

    [Test]
    public async Task CheckSignupQueue_NobodyWaits()
    {
        AccountClient alice = await Pds.CreateAccountAsync();

        JsonNode answer = await (await alice.GetAsync("com.atproto.temp.checkSignupQueue")).ShouldBeJsonAsync();

        Assert.That((bool?)answer["activated"], Is.True);
        await (await Pds.Http.GetXrpcAsync("com.atproto.temp.checkSignupQueue")).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
    }

    [Test]
    public async Task CheckHandleAvailability_TellsAndSuggests()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        const string Method = "com.atproto.temp.checkHandleAvailability";

        JsonNode free = await (await Pds.Http.GetXrpcAsync(Method, ("handle", "nobody-yet.test"))).ShouldBeJsonAsync();
        JsonNode taken = await (await Pds.Http.GetXrpcAsync(Method, ("handle", alice.Handle), ("email", "carla@example.com"))).ShouldBeJsonAsync();
        HttpResponseMessage bad = await Pds.Http.GetXrpcAsync(Method, ("handle", "nobody-yet.test"), ("email", "nonsense"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)free["result"]!["$type"], Is.EqualTo($"{Method}#resultAvailable"));
            Assert.That((string?)taken["result"]!["$type"], Is.EqualTo($"{Method}#resultUnavailable"));
            Assert.That(taken["result"]!["suggestions"]!.AsArray().Select(suggestion => (string?)suggestion!["handle"]), Has.Member("carla.test"));
        }

        await bad.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidEmail");
    }

    private static JsonObject Mail(string recipient) =>
        new() { ["recipientDid"] = recipient, ["content"] = "<p>Please <b>stop</b>.</p>", ["senderDid"] = "did:web:moderator.example", ["comment"] = "second warning" };

    private async Task<string> ReserveAsync(AccountClient account) =>
        (string)(await (await Pds.Http.PostXrpcAsync(Server + "reserveSigningKey", new JsonObject { ["did"] = account.Did.ToString() })).ShouldBeJsonAsync())["signingKey"]!;

    private async Task<IReadOnlyList<AuditRecord>> ReadTrailAsync() =>
        await Pds.Services.GetRequiredService<IAuditLog>().ReadAsync(0, int.MaxValue, CancellationToken.None);

    private async Task<JsonNode> GetAsync(string method, params (string Name, object? Value)[] parameters)
    {
        using HttpClient admin = Pds.CreateOperator();
        return await (await admin.GetXrpcAsync(Admin + method, parameters)).ShouldBeJsonAsync();
    }

    private async Task<JsonNode> PostAsync(string method, JsonObject input)
    {
        using HttpClient admin = Pds.CreateOperator();
        HttpResponseMessage response = await admin.PostXrpcAsync(Admin + method, input);
        string text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private async Task RefusedAsync(string method, JsonObject input, string error)
    {
        using HttpClient admin = Pds.CreateOperator();
        await (await admin.PostXrpcAsync(Admin + method, input)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
    }
}
