using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.OAuth;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Pushed authorization requests, and what is wrong with them (spec 07 §4).</summary>
internal sealed class PushTests : PdsTest
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Refusal("no response type", form => form.Remove("response_type"), "invalid_request");
        yield return Refusal("token response", form => form["response_type"] = "token", "unsupported_response_type");
        yield return Refusal("no challenge", form => form.Remove("code_challenge"), "invalid_request");
        yield return Refusal("no challenge method", form => form.Remove("code_challenge_method"), "invalid_request");
        yield return Refusal("plain challenge", form => form["code_challenge_method"] = "plain", "invalid_request");
        yield return Refusal("challenge of another length", form => form["code_challenge"] = "abc", "invalid_request");
        yield return Refusal("scope not in the metadata", form => form["scope"] = "atproto transition:email", "invalid_scope");
        yield return Refusal("scope without atproto", form => form["scope"] = "transition:generic", "invalid_scope");
        yield return Refusal("two spaces in the scope", form => form["scope"] = "atproto  transition:generic", "invalid_request");
        yield return Refusal("foreign redirect", form => form["redirect_uri"] = "https://elsewhere.com/", "invalid_request");
        yield return Refusal("localhost redirect", form => form["redirect_uri"] = "http://localhost:1/back", "invalid_request");
        yield return Refusal("redirect with another path", form => form["redirect_uri"] = "http://127.0.0.1:1/other", "invalid_request");
        yield return Refusal("silent public client", form => form["prompt"] = "none", "invalid_request");
        yield return Refusal("unknown prompt", form => form["prompt"] = "dance", "invalid_request");
        yield return Refusal("OpenID Connect", form => form["nonce"] = "abc", "invalid_request");
        yield return Refusal("rich request", form => form["authorization_details"] = "[]", "invalid_authorization_details");
        yield return Refusal("claims", form => form["claims"] = "{}", "invalid_request");
        yield return Refusal("id token", form => form["id_token_hint"] = "abc", "invalid_request");
        yield return Refusal("display on a toaster", form => form["display"] = "toaster", "invalid_request");
        yield return Refusal("age that is none", form => form["max_age"] = "-1", "invalid_request");
        yield return Refusal("request by reference", form => form["request_uri"] = "https://app.client.dev/request", "invalid_request");
        yield return Refusal("hint of a DID method that is not served", form => form["login_hint"] = "did:key:zQ3sh", "invalid_request");
        yield return Refusal("redirect to another loopback address", form => form["redirect_uri"] = "http://[::1]:1/back", "invalid_request");
        yield return Refusal("no scope", form => form.Remove("scope"), "invalid_request");
        yield return Refusal("no redirect of several", form => (form["client_id"], _) = ("http://localhost", form.Remove("redirect_uri")), "invalid_request");
        yield return Refusal("assertion of a public client", form => form["client_assertion"] = "a.b.c", "invalid_client");
        yield return Refusal("signed request", form => form["request"] = "abc", "invalid_request");
        yield return Refusal("malformed hint", form => form["login_hint"] = "not a handle", "invalid_request");
        yield return Refusal("unknown response mode", form => form["response_mode"] = "smoke", "invalid_request");
        yield return Refusal("no client", form => form.Remove("client_id"), "invalid_client");
        yield return Refusal("client that is no address", form => form["client_id"] = "somebody", "invalid_client_metadata");
        yield return Refusal("loopback client with a port", form => form["client_id"] = "http://localhost:80/", "invalid_client_metadata");
        yield return Refusal("loopback client with a path", form => form["client_id"] = "http://localhost/app", "invalid_client_metadata");
        yield return Refusal("long state", form => form["state"] = new string('x', 2049), "invalid_request");
        yield return Refusal("long scope", form => form["scope"] = "atproto" + string.Concat(Enumerable.Repeat(" transition:generic", 500)), "invalid_request");
        yield return Refusal("long client", form => form["client_id"] = "http://localhost?scope=" + new string('x', 4096), "invalid_client");
        yield return Refusal("long thumbprint", form => form["dpop_jkt"] = new string('x', 129), "invalid_request");
        yield return Refusal("secret of a public client", form => form["client_secret"] = "abc", "invalid_client");
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Push_WhenSomethingIsWrong_IsRefused(Action<Dictionary<string, string>> spoil, string error)
    {
        using OAuthClient client = new(Pds);
        Dictionary<string, string> form = client.PushForm();
        spoil(form);

        HttpResponseMessage response = await client.PostAsync("/oauth/par", form);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [Test]
    public async Task Push_WithoutNonce_AsksForOneAndThenAccepts()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage first = await client.PostOnceAsync("/oauth/par", client.PushForm(), client.Key.Prove("POST", client.Address("/oauth/par"), nonce: null));
        string? nonce = client.Nonce;
        HttpResponseMessage second = await client.PostOnceAsync("/oauth/par", client.PushForm(), client.Key.Prove("POST", client.Address("/oauth/par"), nonce));

        await first.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "use_dpop_nonce");
        JsonNode pushed = JsonNode.Parse(await second.Content.ReadAsStringAsync())!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(nonce, Is.Not.Null);
            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(second.Headers.CacheControl!.NoStore, Is.True);
            Assert.That(second.Headers.Contains("DPoP-Nonce"), Is.True);
            Assert.That(pushed["expires_in"]!.GetValue<int>(), Is.EqualTo(300));
        }
    }

    [Test]
    public async Task Push_WithoutProof_IsAccepted()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostOnceAsync("/oauth/par", client.PushForm(), proof: null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Push_OfAScopeThatIsDeclaredAndNotUnderstood_DropsIt()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString("atproto future:thing"), Scope = "atproto future:thing" };

        JsonNode tokens = await client.SignInAsync(account);

        Assert.That(tokens["scope"]!.GetValue<string>(), Is.EqualTo("atproto"));
    }

    [TestCase("repo:com.example.note?limit=1")]
    [TestCase("repo:com.example.note?collection=com.example.other")]
    [TestCase("rpc:*?aud=*")]
    [TestCase("rpc:com.example.get?aud=did:web:example.com")]
    [TestCase("rpc:com.example.get")]
    [TestCase("blob:image")]
    [TestCase("account:email?action=manage&action=read")]
    [TestCase("identity:did")]
    [TestCase("include:com.example.set?aud=did:web:example.com")]
    [TestCase("TRANSITION:generic")]
    public async Task Push_OfAScopeThatBreaksARule_DropsIt(string scope)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString($"atproto {scope}"), Scope = $"atproto {scope}" };

        JsonNode tokens = await client.SignInAsync(account);

        Assert.That(tokens["scope"]!.GetValue<string>(), Is.EqualTo("atproto"));
    }

    [Test]
    public async Task Push_WithOpenId_IsRefused()
    {
        using OAuthClient client = new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString("atproto openid"), Scope = "atproto openid" };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Test]
    public async Task Push_WithAnotherKeyThanDpopJkt_IsRefused()
    {
        using OAuthClient client = new(Pds);
        Dictionary<string, string> form = client.PushForm();
        form["dpop_jkt"] = new string('a', 43);

        HttpResponseMessage response = await client.PostAsync("/oauth/par", form);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [TestCase("/oauth/par")]
    [TestCase("/oauth/token")]
    [TestCase("/oauth/revoke")]
    [TestCase("/oauth/jwks")]
    [TestCase("/.well-known/oauth-authorization-server")]
    [TestCase("/.well-known/oauth-protected-resource")]
    public async Task Preflight_IsAnsweredForAllOrigins(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://app.client.dev");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "dpop,content-type");

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.InRange(200, 204));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin").Single(), Is.EqualTo("*"));
        Assert.That(string.Join(',', response.Headers.GetValues("Access-Control-Allow-Headers")).ToLowerInvariant(), Does.Contain("dpop").Or.Contain("*"));
    }

    [Test]
    public async Task Push_AsJson_IsAccepted()
    {
        using OAuthClient client = new(Pds);
        JsonObject body = [];
        foreach ((string name, string value) in client.PushForm())
        {
            body[name] = value;
        }

        using StringContent content = new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        HttpResponseMessage response = await Pds.Http.PostAsync(new Uri("/oauth/par", UriKind.Relative), content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Push_WithARepeatedParameter_IsRefused()
    {
        using OAuthClient client = new(Pds);
        using FormUrlEncodedContent content = new([.. client.PushForm(), new("scope", "atproto")]);

        HttpResponseMessage response = await Pds.Http.PostAsync(new Uri("/oauth/par", UriKind.Relative), content);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Test]
    public async Task Push_OfTooLargeABody_IsRefused()
    {
        using FormUrlEncodedContent content = new([new("state", new string('x', 70_000))]);

        HttpResponseMessage response = await Pds.Http.PostAsync(new Uri("/oauth/par", UriKind.Relative), content);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.RequestEntityTooLarge, "invalid_request");
    }

    [TestCase(true, "application/x-www-form-urlencoded")]
    [TestCase(false, "application/json")]
    [TestCase(true, "application/json")]
    public async Task Push_OfTooLargeABodyOfAnyForm_Answers413(bool isChunked, string type)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(type.EndsWith("json", StringComparison.Ordinal) ? $$"""{"state":"{{new string('x', 70_000)}}"}""" : $"state={new string('x', 70_000)}");
        using HttpRequestMessage request = new(HttpMethod.Post, "/oauth/par") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(type);
        request.Headers.TransferEncodingChunked = isChunked;

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.RequestEntityTooLarge, "invalid_request");
    }

    /// <summary>Anybody may push. A request that a browser has opened is told from one that never was for an hour more.</summary>
    [TestCase(null, 4, 6)]
    [TestCase("a browser", 59, 61)]
    public async Task Push_ForgetsRequestsThatAreOver(string? device, int minutesKnown, int minutesForgotten)
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        IAuthorizationRequestStore store = pds.Services.GetRequiredService<IAuthorizationRequestStore>();
        DateTimeOffset over = DateTimeOffset.UtcNow;
        await AddAsync(store, "old", device, over - s_lifetime);

        await AddAsync(store, "next", null, over + TimeSpan.FromMinutes(minutesKnown));
        AuthorizationRequest? known = await store.FindAsync("old", CancellationToken.None);
        await AddAsync(store, "last", null, over + TimeSpan.FromMinutes(minutesForgotten));
        AuthorizationRequest? forgotten = await store.FindAsync("old", CancellationToken.None);

        Assert.That(known, Is.Not.Null);
        Assert.That(forgotten, Is.Null);
    }

    [Test]
    public async Task Push_ByGet_Is405() =>
        Assert.That((await Pds.Http.GetAsync(new Uri("/oauth/par", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));

    private static Task AddAsync(IAuthorizationRequestStore store, string id, string? device, DateTimeOffset now) => store.AddAsync(
        new AuthorizationRequest
        {
            Id = id,
            ClientId = OAuthClient.Loopback,
            Client = new ClientBinding(null),
            Parameters = new AuthorizationParameters { RedirectUri = "http://127.0.0.1/", Scope = "atproto", CodeChallenge = "c" },
            DeviceId = device,
            ExpiresAt = now + s_lifetime,
        },
        now,
        CancellationToken.None);

    private static TestCaseData Refusal(string name, Action<Dictionary<string, string>> spoil, string error) => new TestCaseData(spoil, error).SetArgDisplayNames(name, error);
}
