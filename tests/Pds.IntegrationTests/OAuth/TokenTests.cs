using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Accounts;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Codes and refresh tokens: each once, by its own client with its own key (spec 07 §6, §7).</summary>
internal sealed class TokenTests : PdsTest
{
    private static IEnumerable<TestCaseData> SpoiltCodes()
    {
        yield return Spoil("another verifier", form => form["code_verifier"] = new string('a', 43), "invalid_grant");
        yield return Spoil("short verifier", form => form["code_verifier"] = "abc", "invalid_grant");
        yield return Spoil("no verifier", form => form.Remove("code_verifier"), "invalid_request");
        yield return Spoil("another redirect", form => form["redirect_uri"] = "http://127.0.0.1:9/back", "invalid_grant");
        yield return Spoil("no redirect", form => form.Remove("redirect_uri"), "invalid_request");
        yield return Spoil("another client", form => form["client_id"] = OAuthClient.Loopback + "atproto", "invalid_grant");
        yield return Spoil("another grant", form => form["grant_type"] = "password", "unsupported_grant_type");
        yield return Spoil("no grant", form => form.Remove("grant_type"), "invalid_request");
        yield return Spoil("unknown code", form => form["code"] = $"cod-{new string('0', 64)}", "invalid_grant");
    }

    [TestCaseSource(nameof(SpoiltCodes))]
    public async Task Exchange_OfASpoiltCode_IsRefused(Action<Dictionary<string, string>> spoil, string error)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        Dictionary<string, string> form = client.CodeForm(await client.AuthorizeAsync(account));
        spoil(form);

        HttpResponseMessage response = await client.PostAsync("/oauth/token", form);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [Test]
    public async Task Exchange_WithoutProof_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostOnceAsync("/oauth/token", client.CodeForm(await client.AuthorizeAsync(account)), proof: null);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
    }

    [Test]
    public async Task Exchange_WithAnotherKey_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string code = await client.AuthorizeAsync(account);
        client.Key = new DpopKey();

        HttpResponseMessage response = await client.PostAsync("/oauth/token", client.CodeForm(code));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Exchange_OfACodeTwice_EndsTheSession()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string code = await client.AuthorizeAsync(account);
        JsonNode tokens = await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();

        HttpResponseMessage replay = await client.PostAsync("/oauth/token", client.CodeForm(code));
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>());

        await replay.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await call.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Test]
    public async Task Exchange_OfACodeTwice_SignsTheAccountOutOfTheBrowserThatRememberedIt()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient other = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        string code = await client.AuthorizeRememberedAsync(account, browser);
        Page choice = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        await (await browser.OpenAsync(choice.LinkTo("Another account"))).SignInAsync(other, remember: true);
        await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();

        HttpResponseMessage replay = await client.PostAsync("/oauth/token", client.CodeForm(code));
        Page afterwards = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        await replay.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.That(choice.Text, Does.Contain(account.Handle.ToString()));
        Assert.That(afterwards.Title, Is.EqualTo("Choose an account"));
        Assert.That(afterwards.Text, Does.Contain(other.Handle.ToString()).And.Not.Contain(account.Handle.ToString()));
    }

    [TestCase("http://127.0.0.1:3000")]
    [TestCase("http://127.0.0.1:3000/")]
    [TestCase("http://[::1]:3000")]
    public async Task Exchange_WithALoopbackRedirectWithoutPath_GivesTokens(string redirect)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { ClientId = "http://localhost", RedirectUri = redirect, Scope = "atproto" };

        JsonNode tokens = await client.SignInAsync(account);

        Assert.That(tokens["sub"]!.GetValue<string>(), Is.EqualTo(account.Did.ToString()));
    }

    [Test]
    public async Task Push_OfTheLoopbackRedirectWithoutPathThatIsRegistered_IsAccepted()
    {
        using OAuthClient client = new(Pds) { ClientId = "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%3A3000&scope=atproto", RedirectUri = "http://127.0.0.1:3000/", Scope = "atproto" };

        HttpResponseMessage same = await client.PostAsync("/oauth/par", client.PushForm());

        Assert.That(same.StatusCode, Is.EqualTo(HttpStatusCode.Created), await same.Content.ReadAsStringAsync());
    }

    [TestCase("/oauth/par", true)]
    [TestCase("/oauth/par", false)]
    [TestCase("/oauth/token", true)]
    [TestCase("/oauth/token", false)]
    [TestCase("/oauth/revoke", true)]
    [TestCase("/oauth/revoke", false)]
    public async Task Body_OverTheLimit_Is413_AnnouncedOrNot(string path, bool isAnnounced)
    {
        foreach (string type in new[] { "application/json", "application/x-www-form-urlencoded" })
        {
            byte[] body = System.Text.Encoding.ASCII.GetBytes(type.EndsWith("json", StringComparison.Ordinal) ? $"{{\"state\":\"{new string('a', 70_000)}\"}}" : $"state={new string('a', 70_000)}");
            using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = isAnnounced ? new ByteArrayContent(body) : new StreamContent(new MemoryStream(body)) };
            request.Content.Headers.ContentType = new(type);
            request.Headers.TransferEncodingChunked = !isAnnounced;

            HttpResponseMessage response = await Pds.Http.SendAsync(request);

            await response.ShouldBeOAuthErrorAsync(HttpStatusCode.RequestEntityTooLarge, "invalid_request");
        }
    }

    [Test]
    public async Task Refresh_OfAUsedToken_EndsTheSession()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string first = (await client.SignInAsync(account))["refresh_token"]!.GetValue<string>();
        JsonNode renewed = await (await client.PostAsync("/oauth/token", client.RefreshForm(first))).ShouldBeJsonAsync();

        HttpResponseMessage replay = await client.PostAsync("/oauth/token", client.RefreshForm(first));
        HttpResponseMessage after = await client.PostAsync("/oauth/token", client.RefreshForm(renewed["refresh_token"]!.GetValue<string>()));

        await replay.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await after.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Refresh_WithAnotherKey_EndsTheSession()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(account);
        using OAuthClient thief = new(Pds);

        HttpResponseMessage stolen = await thief.PostAsync("/oauth/token", thief.RefreshForm(tokens["refresh_token"]!.GetValue<string>()));
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>());

        await stolen.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await call.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Test]
    public async Task Revoke_OfAnUnknownToken_IsFine()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostAsync("/oauth/revoke", new Dictionary<string, string> { ["client_id"] = client.ClientId, ["token"] = "nothing" });

        Assert.That((await response.ShouldBeJsonAsync()).AsObject(), Is.Empty);
    }

    [Test]
    public async Task Revoke_ByAnotherClient_EndsNothing()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string access = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();
        using OAuthClient other = new(Pds) { ClientId = OAuthClient.Loopback + "atproto" };

        HttpResponseMessage revoked = await other.PostAsync("/oauth/revoke", new Dictionary<string, string> { ["client_id"] = other.ClientId, ["token"] = access });
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", access);

        await revoked.ShouldBeJsonAsync();
        await call.ShouldBeJsonAsync();
    }

    [Test]
    public async Task Takedown_EndsSessions()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(account);

        await Pds.TakeDownAsync(account.Did);
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>());
        HttpResponseMessage refresh = await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()));

        await call.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Tokens_EndWithTheirTime()
    {
        ManualTime time = new();
        await using PdsApplication pds = await PdsApplication.StartAsync(time);
        using AccountClient account = await pds.CreateAccountAsync();
        using OAuthClient client = new(pds);
        JsonNode tokens = await client.SignInAsync(account);
        void Now(JsonObject claims) => claims["iat"] = time.GetUtcNow().ToUnixTimeSeconds();

        time.Advance(TimeSpan.FromMinutes(16));
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>(), change: Now);
        time.Advance(TimeSpan.FromDays(14));
        HttpResponseMessage refresh = await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()), Now);

        await call.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    private static TestCaseData Spoil(string name, Action<Dictionary<string, string>> change, string error) => new TestCaseData(change, error).SetArgDisplayNames(name, error);
}
