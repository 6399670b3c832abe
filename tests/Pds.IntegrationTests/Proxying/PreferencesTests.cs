using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Proxying;

internal sealed class PreferencesTests : ProxyTest
{
    private const string Get = "app.bsky.actor.getPreferences";
    private const string Put = "app.bsky.actor.putPreferences";
    private const string Details = "app.bsky.actor.defs#personalDetailsPref";
    private const string Age = "app.bsky.actor.defs#declaredAgePref";

    private AccountClient _moderator = null!;

    protected override async Task<PdsApplication> StartAsync()
    {
        PdsApplication pds = await base.StartAsync();
        _moderator = await pds.CreateAccountAsync("watcher");
        return pds;
    }

    [OneTimeTearDown]
    public void SignModeratorOut() => _moderator.Dispose();

    [Test]
    public async Task Preferences_AfterPut_ComeBackAsTheyWereWritten()
    {
        JsonArray preferences = [Preference("app.bsky.actor.defs#savedFeedsPrefV2", ("items", new JsonArray(1, 2.5, "é<>"))), Preference("app.bsky.other", ("a", null)), Preference("app.bsky.actor.defs#savedFeedsPrefV2")];

        await PutAsync(Alice, preferences);

        Assert.That(JsonNode.DeepEquals(await GetAsync(Alice), preferences), Is.True);
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [Test]
    public async Task Preferences_WhenPutAgain_AreReplaced()
    {
        await PutAsync(Alice, [Preference("app.bsky.a"), Preference("app.bsky.b")]);
        await PutAsync(Alice, [Preference("app.bsky.c")]);

        Assert.That((await GetAsync(Alice)).Select(TypeOf), Is.EqualTo(new[] { "app.bsky.c" }));
    }

    [TestCase("""[{"a":1}]""", "Preference is missing a $type")]
    [TestCase("""[{"$type":1}]""", "Preference is missing a $type")]
    [TestCase("[1]", "Preference is missing a $type")]
    [TestCase("""[{"$type":"com.example.pref"}]""", "Some preferences are not in the app.bsky namespace")]
    [TestCase("""[{"$type":"app.bskyish.pref"}]""", "Some preferences are not in the app.bsky namespace")]
    public async Task Put_WhenAPreferenceIsNone_AnswersInvalidRequestAndChangesNothing(string preferences, string message)
    {
        await PutAsync(Alice, [Preference("app.bsky.a")]);

        HttpResponseMessage response = await Alice.PostAsync(Put, new JsonObject { ["preferences"] = JsonNode.Parse(preferences) });

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo(message));
        Assert.That((await GetAsync(Alice)).Select(TypeOf), Is.EqualTo(new[] { "app.bsky.a" }));
    }

    [TestCase(12, false, false, false)]
    [TestCase(13, true, false, false)]
    [TestCase(17, true, true, false)]
    [TestCase(18, true, true, true)]
    public async Task Get_WhenABirthDateIsKept_DeclaresTheAge(int age, bool over13, bool over16, bool over18)
    {
        string birth = DateTimeOffset.UtcNow.AddYears(-age).AddDays(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        await PutAsync(Alice, [Preference(Details, ("birthDate", birth)), Preference(Age, ("isOverAge18", true))]);

        JsonArray all = await GetAsync(Alice);
        Assert.That(all.Select(TypeOf), Is.EqualTo(new[] { Details, Age }));
        Assert.That(
            new[] { "isOverAge13", "isOverAge16", "isOverAge18" }.Select(name => all[1]![name]!.GetValue<bool>()),
            Is.EqualTo(new[] { over13, over16, over18 }));
    }

    // Pitfall E 105.
    [Test]
    public async Task PersonalDetails_WithAnAppPassword_AreNeitherShownNorSetNorLost()
    {
        using AccountClient app = await SignInWithAppPasswordAsync();
        await PutAsync(Alice, [Preference("app.bsky.a"), Preference(Details, ("birthDate", "1990-01-01T00:00:00Z"))]);

        JsonArray shown = await GetAsync(app);
        HttpResponseMessage refused = await app.PostAsync(Put, new JsonObject { ["preferences"] = new JsonArray(Preference(Details)) });
        await PutAsync(app, [Preference("app.bsky.b")]);

        JsonNode body = await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown.Select(TypeOf), Is.EqualTo(new[] { "app.bsky.a", Age }));
            Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo($"Do not have authorization to set preferences: {Details}"));
            Assert.That((await GetAsync(Alice)).Select(TypeOf), Is.EqualTo(new[] { Details, "app.bsky.b", Age }));
        }
    }

    // Pitfall D 82.
    [Test]
    public async Task Preferences_OfAnotherAppView_AreTheirs()
    {
        await using StubAppView other = await StubAppView.StartAsync();
        other.Pds = Pds;
        string target = $"{other.Did}#bsky_appview";

        HttpResponseMessage got = await SendAsync(HttpMethod.Get, $"/xrpc/{Get}", null, ("Atproto-Proxy", target));
        HttpResponseMessage put = await SendAsync(HttpMethod.Post, $"/xrpc/{Put}", new StringContent("""{"preferences":[]}"""), ("Atproto-Proxy", target));
        HttpResponseMessage ours = await SendAsync(HttpMethod.Get, $"/xrpc/{Get}", null, ("Atproto-Proxy", $"{AppView.Did}#bsky_appview"));

        Assert.That((got.StatusCode, put.StatusCode, ours.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(other.TakeSeen().Select(seen => seen.Token!.Method), Is.EqualTo(new[] { Get, Put }));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [Test]
    public async Task Get_ByTheModerationService_ShowsTheAccountItAsksAbout()
    {
        await PutAsync(Alice, [Preference(Details, ("birthDate", "1990-01-01T00:00:00Z"))]);
        Pds.Services.GetRequiredService<ModerationSettings>().ModeratorDid = _moderator.Did.ToString();

        using HttpClient good = await ServiceClientAsync(_moderator);
        HttpResponseMessage shown = await good.GetXrpcAsync(Get, ("did", Alice.Did));
        using HttpClient bad = await ServiceClientAsync(Alice);
        HttpResponseMessage refused = await bad.GetXrpcAsync(Get, ("did", Alice.Did));

        Assert.That((await shown.ShouldBeJsonAsync())["preferences"]!.AsArray().Select(TypeOf), Is.EqualTo(new[] { Details, Age }));
        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task Get_WithoutCredentials_AnswersAuthMissing() =>
        await (await Pds.Http.GetXrpcAsync(Get)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");

    private static JsonObject Preference(string type, params (string Name, JsonNode? Value)[] members)
    {
        JsonObject preference = new() { ["$type"] = type };
        foreach ((string name, JsonNode? value) in members)
        {
            preference[name] = value;
        }

        return preference;
    }

    private static string TypeOf(JsonNode? preference) => preference!["$type"]!.GetValue<string>();

    private static async Task<JsonArray> GetAsync(AccountClient client) => (await (await client.GetAsync(Get)).ShouldBeJsonAsync())["preferences"]!.AsArray();

    private static async Task PutAsync(AccountClient client, JsonArray preferences) =>
        Assert.That((await client.PostAsync(Put, new JsonObject { ["preferences"] = preferences.DeepClone() })).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    private async Task<HttpClient> ServiceClientAsync(AccountClient issuer)
    {
        HttpClient client = Pds.CreateClient();
        string token = Pds.Services.GetRequiredService<ServiceAuthTokens>().Issue(
            await Pds.Services.GetRequiredService<ISigningKeys>().GetAsync(issuer.Did, CancellationToken.None), issuer.Did, Pds.Options.Server.ServiceIdentity.ToString(), Nsid.Parse(Get));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task<AccountClient> SignInWithAppPasswordAsync()
    {
        JsonNode made = await (await Alice.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();
        JsonObject login = new() { ["identifier"] = Alice.Handle.ToString(), ["password"] = made["password"]!.GetValue<string>() };
        return new AccountClient(Pds, await (await Pds.Http.PostXrpcAsync("com.atproto.server.createSession", login)).ShouldBeJsonAsync());
    }
}
