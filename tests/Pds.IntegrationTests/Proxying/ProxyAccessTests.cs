using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Proxying;

/// <summary>Who may have requests passed on, and where they go by default.</summary>
internal sealed class ProxyAccessTests : ProxyTest
{
    private StubAppView _moderation = null!;
    private StubAppView _reports = null!;

    protected override async Task<PdsApplication> StartAsync()
    {
        _moderation = await StubAppView.StartAsync();
        _reports = await StubAppView.StartAsync();
        PdsApplication pds = await base.StartAsync();
        _moderation.Pds = pds;
        _reports.Pds = pds;
        return pds;
    }

    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["PDS_MOD_SERVICE_URL"] = _moderation.Url.ToString(),
        ["PDS_MOD_SERVICE_DID"] = "did:web:mod.example.com",
        ["PDS_REPORT_SERVICE_URL"] = _reports.Url.ToString(),
        ["PDS_REPORT_SERVICE_DID"] = "did:web:reports.example.com",
    };

    [OneTimeTearDown]
    public async Task StopServicesAsync()
    {
        await _moderation.DisposeAsync();
        await _reports.DisposeAsync();
    }

    [TestCase("tools.ozone.moderation.queryEvents")]
    [TestCase("tools.ozone.team.listMembers")]
    [TestCase("tools.ozone.communication.listTemplates")]
    [TestCase("tools.ozone.safelink.queryRules")]
    [TestCase("tools.ozone.verification.listVerifications")]
    public async Task Method_OfModerators_GoesToTheModerationService(string method)
    {
        await Alice.GetAsync(method);

        Assert.That(_moderation.TakeSeen().Single().Token!.Audience, Is.EqualTo("did:web:mod.example.com"));
    }

    [TestCase("tools.ozone.signature.findRelatedAccounts")]
    [TestCase("com.example.anything")]
    public async Task Method_OfAnybodyElse_GoesToTheAppView(string method)
    {
        await Alice.GetAsync(method);

        Assert.That(AppView.TakeSeen().Single().Token!.Audience, Is.EqualTo(AppView.Did));
    }

    [Test]
    public async Task Report_Always_GoesToTheReportService()
    {
        JsonObject report = new() { ["reasonType"] = "com.atproto.moderation.defs#reasonSpam", ["subject"] = new JsonObject { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = "did:web:bad.example.com" } };

        await Alice.PostAsync("com.atproto.moderation.createReport", report);

        ServiceToken token = _reports.TakeSeen().Single().Token!;
        Assert.That((token.Audience, token.Method), Is.EqualTo(("did:web:reports.example.com", "com.atproto.moderation.createReport")));
    }

    [Test]
    public async Task Report_OfATakendownAccount_IsPassedOnAndNothingElse()
    {
        await Pds.Http.PostAsAdminAsync("com.atproto.admin.updateSubjectStatus", new JsonObject
        {
            ["subject"] = new JsonObject { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = Alice.Did.ToString() },
            ["takedown"] = new JsonObject { ["applied"] = true, ["ref"] = "1" },
        });
        JsonObject login = new() { ["identifier"] = Alice.Handle.ToString(), ["password"] = PdsApplication.Password, ["allowTakendown"] = true };
        using AccountClient restricted = new(Pds, await (await Pds.Http.PostXrpcAsync("com.atproto.server.createSession", login)).ShouldBeJsonAsync());

        HttpResponseMessage report = await restricted.PostAsync("com.atproto.moderation.createReport", new JsonObject
        {
            ["reasonType"] = "com.atproto.moderation.defs#reasonAppeal",
            ["subject"] = new JsonObject { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = Alice.Did.ToString() },
        });
        HttpResponseMessage search = await restricted.GetAsync("app.bsky.feed.searchPosts");
        HttpResponseMessage older = await Alice.GetAsync("app.bsky.feed.searchPosts");

        Assert.That(report.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await search.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await older.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
    }

    [Test]
    public async Task Method_OfADeactivatedAccount_IsRefused()
    {
        await Alice.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());

        await (await Alice.GetAsync("app.bsky.feed.searchPosts")).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountDeactivated");
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [TestCase("app.bsky.feed.searchPosts", null, HttpStatusCode.Unauthorized, "AuthMissing")]
    [TestCase("app.bsky.feed.searchPosts", "Bearer nonsense", HttpStatusCode.BadRequest, "InvalidToken")]
    [TestCase("app.bsky.feed.searchPosts", "bearer x  y", HttpStatusCode.BadRequest, "InvalidToken")]
    [TestCase("com.example.anything", null, HttpStatusCode.Unauthorized, "AuthMissing")]
    public async Task Method_WithoutGoodCredentials_IsRefused(string method, string? authorization, HttpStatusCode status, string error)
    {
        HttpRequestMessage request = new(HttpMethod.Get, $"/xrpc/{method}");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        await response.ShouldBeXrpcErrorAsync(status, error);
        Assert.That(HeaderOf(response, "Access-Control-Allow-Origin"), Is.EqualTo("*"));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    // Pitfall E 92.
    [TestCase(false, "chat.bsky.convo.listConvos", false)]
    [TestCase(false, "Chat.Bsky.convo.listConvos", false)]
    [TestCase(false, "chat.bsky.convo.addReaction", false)]
    [TestCase(false, "app.bsky.feed.searchPosts", true)]
    [TestCase(true, "chat.bsky.convo.listConvos", true)]
    public async Task PrivilegedMethod_WithAPlainAppPassword_IsRefused(bool privileged, string method, bool allowed)
    {
        using AccountClient app = await SignInWithAppPasswordAsync(privileged);

        HttpResponseMessage response = await app.GetAsync(method);

        if (allowed)
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            return;
        }

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo("Bad token method"));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    // Pitfall D 71.
    [TestCase("com.atproto.identity.signPlcOperation")]
    [TestCase("Com.Atproto.identity.signPlcOperation")]
    [TestCase("com.atproto.server.updateEmail")]
    public async Task ProtectedMethod_Always_StaysHere(string method)
    {
        await Alice.GetAsync(method);
        await Alice.PostAsync(method, new JsonObject());

        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    private async Task<AccountClient> SignInWithAppPasswordAsync(bool privileged)
    {
        JsonNode made = await (await Alice.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "app", ["privileged"] = privileged })).ShouldBeJsonAsync();
        JsonObject login = new() { ["identifier"] = Alice.Handle.ToString(), ["password"] = made["password"]!.GetValue<string>() };
        return new AccountClient(Pds, await (await Pds.Http.PostXrpcAsync("com.atproto.server.createSession", login)).ShouldBeJsonAsync());
    }
}

/// <summary>The operator's requests.</summary>
internal static class AdminClient
{
    public static Task<HttpResponseMessage> PostAsAdminAsync(this HttpClient http, string method, JsonNode input)
    {
        HttpRequestMessage request = new(HttpMethod.Post, $"/xrpc/{method}") { Content = new StringContent(input.ToJsonString(), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{PdsApplication.AdminPassword}")));
        return http.SendAsync(request);
    }
}
