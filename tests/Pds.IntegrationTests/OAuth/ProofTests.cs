using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>DPoP proofs at both servers (spec 07 §8), and tokens that are not what they should be (spec 04 §4.3).</summary>
internal sealed class ProofTests : PdsTest
{
    private static IEnumerable<TestCaseData> Spoilt()
    {
        yield return Spoil("no htm", claims => claims.Remove("htm"));
        yield return Spoil("htm of another verb", claims => claims["htm"] = "PUT");
        yield return Spoil("htm in lower case", claims => claims["htm"] = claims["htm"]!.GetValue<string>().ToLowerInvariant());
        yield return Spoil("htu of another path", claims => claims["htu"] = $"{claims["htu"]}/x");
        yield return Spoil("htu of another host", claims => claims["htu"] = "https://elsewhere.com/oauth/par");
        yield return Spoil("no jti", claims => claims.Remove("jti"));
        yield return Spoil("no iat", claims => claims.Remove("iat"));
        yield return Spoil("old", claims => claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 200);
        yield return Spoil("of the future", claims => claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 200);
    }

    [TestCaseSource(nameof(Spoilt))]
    public async Task Proof_WhenSpoilt_IsRefusedByBothServers(Action<JsonObject> spoil)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage push = await client.PostAsync("/oauth/par", client.PushForm(), spoil);
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", token, change: spoil);

        await push.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
        await call.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
    }

    private static IEnumerable<TestCaseData> SpoiltHeaders()
    {
        yield return Spoil("another type", header => header["typ"] = "JWT");
        yield return Spoil("no type", header => header.Remove("typ"));
        yield return Spoil("symmetric", header => header["alg"] = "HS256");
        yield return Spoil("unsigned", header => header["alg"] = "none");
        yield return Spoil("another curve's algorithm", header => header["alg"] = "ES384");
        yield return Spoil("no key", header => header.Remove("jwk"));
        yield return Spoil("a private key", header => header["jwk"]!["d"] = "AAAA");
        yield return Spoil("another key", header => header["jwk"]!["x"] = header["jwk"]!["y"]!.GetValue<string>());
    }

    [TestCaseSource(nameof(SpoiltHeaders))]
    public async Task Proof_WithASpoiltHeader_IsRefused(Action<JsonObject> spoil)
    {
        using OAuthClient client = new(Pds);
        await client.PushAsync();
        JsonObject header = new() { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = client.Key.Jwk };
        spoil(header);
        JsonObject claims = new() { ["htm"] = "POST", ["htu"] = client.Address("/oauth/par"), ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString(), ["nonce"] = client.Nonce };

        HttpResponseMessage response = await client.PostOnceAsync("/oauth/par", client.PushForm(), client.Key.Sign(header, claims));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.StartWith("DPoP ").And.Contain("error=\"invalid_dpop_proof\""));
    }

    [TestCase("DPoP+JWT")]
    [TestCase("application/dpop+jwt")]
    public async Task Proof_WhoseTypeIsWrittenOtherwise_IsGood(string type)
    {
        using OAuthClient client = new(Pds);
        await client.PushAsync();
        JsonObject header = new() { ["typ"] = type, ["alg"] = "ES256", ["jwk"] = client.Key.Jwk };
        JsonObject claims = new() { ["htm"] = "POST", ["htu"] = client.Address("/oauth/par"), ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString(), ["nonce"] = client.Nonce };

        HttpResponseMessage response = await client.PostOnceAsync("/oauth/par", client.PushForm(), client.Key.Sign(header, claims));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
    }

    [TestCase(0.25, true)]
    [TestCase(-200.5, false)]
    [TestCase(200.5, false)]
    [TestCase(1e300, false)]
    public async Task Proof_WhoseTimeHasAFraction_IsJudgedAsATime(double offset, bool isGood)
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm(), claims => claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offset);

        Assert.That(response.StatusCode, Is.EqualTo(isGood ? HttpStatusCode.Created : HttpStatusCode.Unauthorized), await response.Content.ReadAsStringAsync());
    }

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("a.b.c")]
    public async Task Proof_ThatIsNone_IsRefused(string proof)
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostOnceAsync("/oauth/par", client.PushForm(), proof);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
    }

    [Test]
    public async Task Proof_BesideAnother_IsRefused()
    {
        using OAuthClient client = new(Pds);
        await client.PushAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/oauth/par") { Content = new FormUrlEncodedContent(client.PushForm()) };
        request.Headers.Add("DPoP", [client.Key.Prove("POST", client.Address("/oauth/par"), client.Nonce), client.Key.Prove("POST", client.Address("/oauth/par"), client.Nonce)]);

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
    }

    [Test]
    public async Task Proof_ForThePublicAddress_IsGood_WhateverHostAProxyNames()
    {
        using OAuthClient client = new(Pds);
        await client.PushAsync();
        using HttpRequestMessage inside = new(HttpMethod.Post, "/oauth/par") { Content = new FormUrlEncodedContent(client.PushForm()) };
        inside.Headers.Host = "internal:8080";
        inside.Headers.Add("DPoP", client.Key.Prove("POST", client.Address("/oauth/par"), client.Nonce));

        HttpResponseMessage response = await Pds.Http.SendAsync(inside);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Call_WithAStrangeNonce_AsksForAnother()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", token, change: claims => claims["nonce"] = "mine");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "use_dpop_nonce");
    }

    [Test]
    public async Task Proof_WhenUsedTwice_IsRefused()
    {
        using OAuthClient client = new(Pds);
        await client.PushAsync();
        string proof = client.Key.Prove("POST", client.Address("/oauth/par"), client.Nonce);

        HttpResponseMessage first = await client.PostOnceAsync("/oauth/par", client.PushForm(), proof);
        HttpResponseMessage second = await client.PostOnceAsync("/oauth/par", client.PushForm(), proof);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await second.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
    }

    [Test]
    public async Task Proof_WithAnAthWhereNoTokenIs_IsRefused()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm(), claims => claims["ath"] = "abc");

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
    }

    [Test]
    public async Task Proof_WithAQueryInItsAddress_IsGood()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm(), claims => claims["htu"] = $"{claims["htu"]}?a=b");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Call_WithoutNonce_AsksForOneWithAChallenge()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();
        const string Method = "com.atproto.server.getSession";

        HttpResponseMessage response = await client.CallOnceAsync(HttpMethod.Get, Method, token, client.Key.Prove("GET", client.Address($"/xrpc/{Method}"), nonce: null, token));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "use_dpop_nonce");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.StartWith("DPoP ").And.Contain("error=\"use_dpop_nonce\""));
            Assert.That(response.Headers.Contains("DPoP-Nonce"), Is.True);
            Assert.That(string.Join(',', response.Headers.GetValues("Access-Control-Expose-Headers")), Does.Contain("DPoP-Nonce").And.Contain("WWW-Authenticate"));
        }
    }

    [Test]
    public async Task Call_WithAnotherKey_WithoutAth_OrWithoutProof_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using OAuthClient thief = new(Pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();
        const string Method = "com.atproto.server.getSession";

        HttpResponseMessage stolen = await thief.CallAsync(HttpMethod.Get, Method, token);
        HttpResponseMessage bare = await client.CallAsync(HttpMethod.Get, Method, token, change: claims => claims.Remove("ath"));
        HttpResponseMessage naked = await client.CallOnceAsync(HttpMethod.Get, Method, token, proof: null);

        await stolen.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await bare.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
        await naked.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_dpop_proof");
    }

    [Test]
    public async Task Call_WithABoundTokenAsBearer_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();
        using HttpRequestMessage request = new(HttpMethod.Get, "/xrpc/com.atproto.server.getSession");
        request.Headers.Authorization = new("Bearer", token);

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task Call_WithASessionTokenAsDpop_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", account.AccessJwt);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Test]
    public async Task Nonces_AreGoodForThreeSteps()
    {
        ManualTime time = new();
        await using PdsApplication pds = await PdsApplication.StartAsync(time);
        using OAuthClient client = new(pds);
        await client.PushAsync();
        string? nonce = client.Nonce;
        void Later(JsonObject claims) => claims["iat"] = time.GetUtcNow().ToUnixTimeSeconds();

        time.Advance(TimeSpan.FromSeconds(115));
        HttpResponseMessage soon = await client.PostOnceAsync("/oauth/par", client.PushForm(), client.Key.Prove("POST", client.Address("/oauth/par"), nonce, change: Later));
        time.Advance(TimeSpan.FromSeconds(70));
        HttpResponseMessage late = await client.PostOnceAsync("/oauth/par", client.PushForm(), client.Key.Prove("POST", client.Address("/oauth/par"), nonce, change: Later));

        Assert.That(soon.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await late.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "use_dpop_nonce");
    }

    private static TestCaseData Spoil(string name, Action<JsonObject> change) => new TestCaseData(change).SetArgDisplayNames(name);
}
