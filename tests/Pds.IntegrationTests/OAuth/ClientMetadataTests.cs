using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.OAuth;
using Pds.Application.Settings;
using Pds.Infrastructure.Http;

namespace Pds.IntegrationTests.OAuth;

/// <summary>What clients may call themselves and say of themselves (spec 07 §3), seen from where they push.</summary>
internal sealed class ClientMetadataTests : PdsTest
{
    private const string Back = "https://app.client.dev/back";

    private readonly FakeWeb _web = new();
    private int _clients;

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("of another client", d => d["client_id"] = "https://other.dev/c.json");
        yield return Fault("no scope", d => d.Remove("scope"));
        yield return Fault("scope without atproto", d => d["scope"] = "transition:generic");
        yield return Fault("scope twice", d => d["scope"] = "atproto atproto");
        yield return Fault("implicit grant", d => d["grant_types"] = new JsonArray("authorization_code", "implicit"));
        yield return Fault("no code grant", d => d["grant_types"] = new JsonArray("refresh_token"));
        yield return Fault("grant twice", d => d["grant_types"] = new JsonArray("authorization_code", "authorization_code"));
        yield return Fault("no code", d => d["response_types"] = new JsonArray("token"));
        yield return Fault("no DPoP", d => d["dpop_bound_access_tokens"] = false);
        yield return Fault("no auth method", d => d.Remove("token_endpoint_auth_method"));
        yield return Fault("secret", d => d["token_endpoint_auth_method"] = "client_secret_basic");
        yield return Fault("algorithm without key", d => d["token_endpoint_auth_signing_alg"] = "ES256");
        yield return Fault("key method without keys", d => (d["token_endpoint_auth_method"], d["token_endpoint_auth_signing_alg"]) = ("private_key_jwt", "ES256"));
        yield return Fault("key method with an empty set", d => (d["token_endpoint_auth_method"], d["token_endpoint_auth_signing_alg"], d["jwks"]) = ("private_key_jwt", "ES256", new JsonObject { ["keys"] = new JsonArray() }));
        yield return Fault("native with a key", d => (d["application_type"], d["token_endpoint_auth_method"], d["token_endpoint_auth_signing_alg"], d["jwks_uri"]) = ("native", "private_key_jwt", "ES256", "https://app.client.dev/jwks"));
        yield return Fault("unknown type", d => d["application_type"] = "toaster");
        yield return Fault("no redirects", d => d["redirect_uris"] = new JsonArray());
        yield return Fault("foreign client_uri", d => d["client_uri"] = "https://elsewhere.dev/");
        yield return Fault("client_uri below the document", d => d["client_uri"] = "https://app.client.dev/elsewhere/");
        yield return Fault("pairwise", d => d["subject_type"] = "pairwise");
        yield return Fault("unsupported request objects", d => d["request_object_signing_alg"] = "HS256");
        foreach (string name in new[] { "default_max_age", "userinfo_signed_response_alg", "id_token_signed_response_alg", "userinfo_encrypted_response_alg", "authorization_encrypted_response_enc" })
        {
            yield return Fault(name, d => d[name] = "1");
        }

        yield return Fault("bound to certificates", d => d["tls_client_certificate_bound_access_tokens"] = true);
        yield return Fault("rich requests", d => d["authorization_details_types"] = new JsonArray("payment"));
        foreach (string redirect in new[]
        {
            "http://localhost/back", "https://localhost/back", "http://app.client.dev/back", "http://127.0.0.1/back", "https://10.0.0.1/back",
            "https://user@app.client.dev/back", "dev.client.app:/back", "https://intranet/back", "javascript:alert(1)",
        })
        {
            yield return new TestCaseData((Action<JsonObject>)(d => d["redirect_uris"] = new JsonArray(redirect)), "invalid_redirect_uri").SetArgDisplayNames(redirect);
        }

        foreach (string redirect in new[] { "dev.client.app://back", "dev.other.app:/back", "https://elsewhere.dev/back", "app:/back" })
        {
            yield return new TestCaseData((Action<JsonObject>)(d => (d["application_type"], d["redirect_uris"]) = ("native", new JsonArray(redirect))), "invalid_redirect_uri").SetArgDisplayNames($"native {redirect}");
        }
    }

    // 2,000 documents of half a megabyte would be a gigabyte.
    [Test]
    public async Task Documents_OfManyMegabytes_AreNotAllKept()
    {
        using HangingWeb web = new();
        await using PdsApplication pds = await web.StartAsync();
        IClientMetadataSource clients = pds.Services.GetRequiredService<IClientMetadataSource>();
        string[] ids = [.. Enumerable.Range(0, 40).Select(number => $"https://app.client.dev/{number}.json")];
        foreach (string id in ids)
        {
            web.Documents[id] = FakeWeb.Public(id, Back);
            web.Documents[id]["note"] = new string('x', 500_000);
            await clients.GetAsync(id, allowStale: false, CancellationToken.None);
        }

        await clients.GetAsync(ids[^1], allowStale: false, CancellationToken.None);
        int requests = web.Requests;
        await clients.GetAsync(ids[0], allowStale: false, CancellationToken.None);

        Assert.That((requests, web.Requests), Is.EqualTo((40, 41)), "the last one is kept, the first one is not");
    }

    [TestCaseSource(nameof(Faults))]
    public async Task Push_WhenTheDocumentBreaksARule_IsRefused(Action<JsonObject> spoil, string error)
    {
        string id = $"https://app.client.dev/{++_clients}/client.json";
        JsonObject document = FakeWeb.Public(id, Back);
        spoil(document);
        _web.Documents[id] = document;
        using OAuthClient client = new(Pds) { ClientId = id, RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [TestCase("https://app.client.dev")]
    [TestCase("https://app.client.dev/")]
    [TestCase("https://app.client.dev/directory/")]
    [TestCase("https://app.client.dev/a/../client.json")]
    [TestCase("https://app.client.dev:8443/client.json")]
    [TestCase("https://user@app.client.dev/client.json")]
    [TestCase("https://app.client.dev/client.json#part")]
    [TestCase("https://APP.client.dev/client.json")]
    [TestCase("https://93.184.216.34/client.json")]
    [TestCase("https://127.0.0.1/client.json")]
    [TestCase("https://intranet/client.json")]
    [TestCase("https://app.test/client.json")]
    [TestCase("https://app.local/client.json")]
    [TestCase("https://www.example.com/client.json")]
    [TestCase("https://me.googleusercontent.com/client.json")]
    [TestCase("http://app.client.dev/client.json")]
    [TestCase("ftp://app.client.dev/client.json")]
    [TestCase("http://localhost#part")]
    [TestCase("http://localhost?name=x")]
    [TestCase("http://localhost?scope=atproto&scope=atproto")]
    [TestCase("http://localhost?scope=transition:generic")]
    [TestCase("http://localhost?redirect_uri=http%3A%2F%2Flocalhost%2Fback")]
    [TestCase("http://localhost?redirect_uri=https%3A%2F%2Fapp.client.dev%2Fback")]
    public async Task Push_ByAClientOfAForbiddenName_IsRefused(string id)
    {
        _web.Documents[id] = FakeWeb.Public(id, Back);
        using OAuthClient client = new(Pds) { ClientId = id, RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client_metadata");
    }

    [TestCase("127.0.0.1")]
    [TestCase("10.1.2.3")]
    [TestCase("169.254.169.254")]
    [TestCase("::1")]
    [TestCase("fd00::1")]
    [TestCase("::ffff:192.168.0.1")]
    public async Task Push_WhenTheHostOfTheDocumentIsPrivate_FetchesNothing(string address)
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services =>
            services.Replace(ServiceDescriptor.Singleton(_ => new GuardedHttp(new ServerSettings(), (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }), TimeProvider.System))));
        using OAuthClient client = new(pds) { ClientId = "https://app.client.dev/client.json", RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client_metadata");
    }

    [Test]
    public async Task Exchange_ByAClientWithoutTheRefreshGrant_GivesNoRefreshToken_AndTakesNone()
    {
        const string Id = "https://short.client.dev/client.json";
        JsonObject document = FakeWeb.Public(Id, Back);
        document["grant_types"] = new JsonArray("authorization_code");
        _web.Documents[Id] = document;
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { ClientId = Id, RedirectUri = Back };

        JsonNode tokens = await client.SignInAsync(account);
        HttpResponseMessage refresh = await client.PostAsync("/oauth/token", client.RefreshForm($"ref-{new string('0', 64)}"));

        Assert.That(tokens["refresh_token"], Is.Null);
        await refresh.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    protected override Task<PdsApplication> StartAsync() => _web.StartAsync();

    private static TestCaseData Fault(string name, Action<JsonObject> spoil) => new TestCaseData(spoil, "invalid_client_metadata").SetArgDisplayNames(name);
}
