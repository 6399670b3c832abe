using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pds.IntegrationTests.OAuth;

/// <summary>How long things last and what ends them (spec 07 §1, §6; pitfalls 116, 122, 132, 133).</summary>
internal sealed class SessionLifeTests
{
    private const string Id = "https://app.client.dev/client.json";
    private const string Back = "https://app.client.dev/back";
    private const string GetSession = "com.atproto.server.getSession";

    private ManualTime _time = new();

    [SetUp]
    public void SetTime() => _time = new();

    [Test]
    public async Task Code_WhenItsTimeIsOver_IsRefused()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(_time);
        using AccountClient account = await pds.CreateAccountAsync();
        using OAuthClient client = new(pds);
        string code = await client.AuthorizeAsync(account);

        _time.Advance(TimeSpan.FromSeconds(301));
        HttpResponseMessage response = await client.PostAsync("/oauth/token", client.CodeForm(code), Now);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Request_WhenNobodyLookedAtItForFiveMinutes_GoesBackWithAccessDenied()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(_time);
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);
        string address = client.AuthorizeAddress(await client.PushAsync());

        _time.Advance(TimeSpan.FromSeconds(200));
        Page kept = await browser.OpenAsync(address);
        _time.Advance(TimeSpan.FromSeconds(200));
        Page keptOn = await browser.OpenAsync(address);
        _time.Advance(TimeSpan.FromSeconds(301));
        Page over = await browser.OpenAsync(address);

        Assert.That((kept.Title, keptOn.Title), Is.EqualTo(("Sign in", "Sign in")));
        Assert.That(over.Answer()["error"], Is.EqualTo("access_denied"));
    }

    [Test]
    public async Task AccessToken_NeverOutlivesItsSession()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(_time);
        using AccountClient account = await pds.CreateAccountAsync();
        using OAuthClient client = new(pds);
        JsonNode tokens = await client.SignInAsync(account);

        _time.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(5));
        JsonNode last = await (await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()), Now)).ShouldBeJsonAsync();

        Assert.That(last["expires_in"]!.GetValue<int>(), Is.InRange(290, 300));
    }

    [Test]
    public async Task SessionOfAConfidentialClient_LastsThreeMonthsUnused_AndTwoYearsInAll()
    {
        FakeWeb web = new();
        using DpopKey key = new();
        web.Documents[Id] = FakeWeb.Confidential(Id, Back, key);
        await using PdsApplication pds = await web.StartAsync(more: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));
        using AccountClient account = await pds.CreateAccountAsync();
        using ConfidentialClient client = new(pds, key, "k1") { ClientId = Id, RedirectUri = Back, Change = Now };
        JsonNode tokens = await client.SignInAsync(account);

        for (int quarter = 1; quarter <= 8; quarter++)
        {
            _time.Advance(TimeSpan.FromDays(89));
            tokens = await (await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()), Now)).ShouldBeJsonAsync();
        }

        _time.Advance(TimeSpan.FromDays(20));
        HttpResponseMessage over = await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()), Now);

        await over.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Session_WhenTheClientChangesItsKey_Ends_AndWhenTheKeyIsGoneIsOnlyRefused()
    {
        FakeWeb web = new();
        using DpopKey key = new();
        using DpopKey next = new();
        web.Documents[Id] = FakeWeb.Confidential(Id, Back, key);
        await using PdsApplication pds = await web.StartAsync(more: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));
        using AccountClient account = await pds.CreateAccountAsync();
        using ConfidentialClient client = new(pds, key, "k1") { ClientId = Id, RedirectUri = Back, Change = Now };
        using ConfidentialClient changed = new(pds, next, "k2") { ClientId = Id, RedirectUri = Back, Key = client.Key, Change = Now };
        string refresh = (await client.SignInAsync(account))["refresh_token"]!.GetValue<string>();

        web.Documents[Id]["jwks"] = FakeWeb.KeySet(next, "k2");
        _time.Advance(TimeSpan.FromMinutes(11));
        HttpResponseMessage gone = await client.PostAsync("/oauth/token", client.RefreshForm(refresh), Now);
        HttpResponseMessage other = await changed.PostAsync("/oauth/token", changed.RefreshForm(refresh), Now);
        web.Documents[Id]["jwks"] = FakeWeb.KeySet(key, "k1");
        _time.Advance(TimeSpan.FromMinutes(11));
        HttpResponseMessage ended = await client.PostAsync("/oauth/token", client.RefreshForm(refresh), Now);

        await gone.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client");
        await other.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await ended.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Refresh_WhenTheDocumentCannotBeHad_KeepsTheSession_AndOldMetadataServePublicClients()
    {
        const string PublicId = "https://app.client.dev/public.json";
        FakeWeb web = new();
        using DpopKey key = new();
        web.Documents[Id] = FakeWeb.Confidential(Id, Back, key);
        web.Documents[PublicId] = FakeWeb.Public(PublicId, Back);
        await using PdsApplication pds = await web.StartAsync(more: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));
        using AccountClient account = await pds.CreateAccountAsync();
        using ConfidentialClient confidential = new(pds, key, "k1") { ClientId = Id, RedirectUri = Back, Change = Now };
        using OAuthClient open = new(pds) { ClientId = PublicId, RedirectUri = Back };
        string refresh = (await confidential.SignInAsync(account))["refresh_token"]!.GetValue<string>();
        string openRefresh = (await open.SignInAsync(account))["refresh_token"]!.GetValue<string>();

        (web.Spoil[Id], web.Spoil[PublicId]) = ("missing", "missing");
        _time.Advance(TimeSpan.FromMinutes(11));
        HttpResponseMessage refused = await confidential.PostAsync("/oauth/token", confidential.RefreshForm(refresh), Now);
        HttpResponseMessage served = await open.PostAsync("/oauth/token", open.RefreshForm(openRefresh), Now);
        web.Spoil.Clear();
        HttpResponseMessage again = await confidential.PostAsync("/oauth/token", confidential.RefreshForm(refresh), Now);

        await refused.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client_metadata");
        await served.ShouldBeJsonAsync();
        await again.ShouldBeJsonAsync();
    }

    [Test]
    public async Task Challenge_WhenItWasUsedBefore_IsRefused()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        using AccountClient account = await pds.CreateAccountAsync();
        using OAuthClient client = new(pds);
        await client.SignInAsync(account);

        HttpResponseMessage response = await client.PostAsync("/oauth/token", client.CodeForm(await client.AuthorizeAsync(account)));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Exchange_WhenTheAccountWasDeactivatedInTheMeantime_IsRefused()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        using AccountClient account = await pds.CreateAccountAsync();
        using OAuthClient client = new(pds);
        string code = await client.AuthorizeAsync(account);

        await account.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        HttpResponseMessage response = await client.PostAsync("/oauth/token", client.CodeForm(code));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [TestCase(0, null)]
    [TestCase(null, null)]
    [TestCase(null, "did:web:elsewhere.com")]
    public async Task Call_WithATokenThatEndedAtZero_HasNoEnd_OrIsForAnotherServer_IsRefused(int? end, string? audience)
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        using AccountClient account = await pds.CreateAccountAsync();
        using OAuthClient client = new(pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Get, GetSession, Forge(token, claims =>
        {
            claims["exp"] = end;
            claims["aud"] = audience ?? claims["aud"]!.GetValue<string>();
        }));
        HttpResponseMessage genuine = await client.CallAsync(HttpMethod.Get, GetSession, Forge(token, _ => { }));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await genuine.ShouldBeJsonAsync();
    }

    [TestCase("none")]
    [TestCase("HS512")]
    public async Task Call_WithATokenOfAnotherAlgorithm_IsRefused(string algorithm)
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        using AccountClient account = await pds.CreateAccountAsync();
        using OAuthClient client = new(pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Get, GetSession, Forge(token, _ => { }, algorithm));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    /// <summary>A token as the server would have made it, with other claims.</summary>
    private static string Forge(string token, Action<JsonObject> change, string algorithm = "HS256")
    {
        JsonObject claims = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
        change(claims);
        foreach (string absent in claims.Where(claim => claim.Value is null).Select(claim => claim.Key).ToArray())
        {
            claims.Remove(absent);
        }

        string header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"typ":"at+jwt","alg":"{{algorithm}}"}"""));
        string unsigned = $"{header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{unsigned}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(PdsApplication.JwtSecret), Encoding.ASCII.GetBytes(unsigned)))}";
    }

    private void Now(JsonObject claims) => claims["iat"] = _time.GetUtcNow().ToUnixTimeSeconds();
}
