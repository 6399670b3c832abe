using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>What clients read before they begin, and the forms of what they are given (spec 07 §1, §2, §4, §6.3).</summary>
internal sealed class DiscoveryTests : PdsTest
{
    private string Issuer => Pds.Options.Server.PublicOrigin;

    [Test]
    public async Task ProtectedResource_NamesThisServerAlone()
    {
        JsonNode document = await GetAsync("/.well-known/oauth-protected-resource");

        JsonNode expected = JsonNode.Parse(
            $$"""
            {"resource":"{{Issuer}}","authorization_servers":["{{Issuer}}"],"scopes_supported":[],"bearer_methods_supported":["header"],"resource_documentation":"https://atproto.com"}
            """)!;
        Assert.That(JsonNode.DeepEquals(document, expected), Is.True, document.ToJsonString());
    }

    [TestCase("authorization_endpoint", "/oauth/authorize")]
    [TestCase("token_endpoint", "/oauth/token")]
    [TestCase("revocation_endpoint", "/oauth/revoke")]
    [TestCase("pushed_authorization_request_endpoint", "/oauth/par")]
    [TestCase("jwks_uri", "/oauth/jwks")]
    [TestCase("issuer", "")]
    public async Task AuthorizationServer_HasItsEndpointsAtTheIssuer(string field, string path)
    {
        JsonNode document = await GetAsync("/.well-known/oauth-authorization-server");

        Assert.That(document[field]!.GetValue<string>(), Is.EqualTo(Issuer + path));
    }

    [TestCase("response_types_supported", "code")]
    [TestCase("response_modes_supported", "query fragment form_post")]
    [TestCase("grant_types_supported", "authorization_code refresh_token")]
    [TestCase("code_challenge_methods_supported", "S256")]
    [TestCase("token_endpoint_auth_methods_supported", "none private_key_jwt")]
    [TestCase("subject_types_supported", "public")]
    [TestCase("prompt_values_supported", "none login consent select_account create")]
    [TestCase("scopes_supported", "atproto transition:email transition:generic transition:chat.bsky")]
    public async Task AuthorizationServer_ListsWhatItDoes(string field, string values)
    {
        JsonNode document = await GetAsync("/.well-known/oauth-authorization-server");

        Assert.That(document[field]!.AsArray().Select(value => value!.GetValue<string>()), Is.EqualTo(values.Split(' ')));
    }

    [TestCase("require_pushed_authorization_requests")]
    [TestCase("authorization_response_iss_parameter_supported")]
    [TestCase("client_id_metadata_document_supported")]
    [TestCase("request_parameter_supported")]
    [TestCase("request_uri_parameter_supported")]
    [TestCase("require_request_uri_registration")]
    public async Task AuthorizationServer_SaysYesTo(string field)
    {
        JsonNode document = await GetAsync("/.well-known/oauth-authorization-server");

        Assert.That(document[field]!.GetValue<bool>(), Is.True);
    }

    [TestCase("token_endpoint_auth_signing_alg_values_supported")]
    [TestCase("dpop_signing_alg_values_supported")]
    public async Task AuthorizationServer_TakesTheSignatureThatAllClientsHave(string field)
    {
        JsonNode document = await GetAsync("/.well-known/oauth-authorization-server");

        string[] algorithms = [.. document[field]!.AsArray().Select(value => value!.GetValue<string>())];
        Assert.That(algorithms, Does.Contain("ES256").And.Not.Contain("none").And.Not.Contain("HS256"));
    }

    [Test]
    public async Task AuthorizationServer_PublishesNoSymmetricKey() =>
        Assert.That((await GetAsync("/oauth/jwks"))["keys"]!.AsArray(), Is.Empty);

    [Test]
    public async Task AccessToken_HasTheFormOfTheReferenceServer()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);

        JsonNode tokens = await client.SignInAsync(account);

        string[] parts = tokens["access_token"]!.GetValue<string>().Split('.');
        JsonNode header = Decode(parts[0]);
        JsonNode claims = Decode(parts[1]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Text(header, "typ"), Text(header, "alg")), Is.EqualTo(("at+jwt", "HS256")));
            Assert.That((Text(claims, "sub"), Text(claims, "iss"), Text(claims, "client_id")), Is.EqualTo((account.Did.ToString(), Issuer, client.ClientId)));
            Assert.That(Text(claims, "aud"), Does.StartWith("did:web:"));
            Assert.That(Text(claims, "jti"), Does.Match("^tok-[0-9a-f]{32}$"));
            Assert.That(claims["cnf"]!["jkt"]!.GetValue<string>(), Has.Length.EqualTo(43));
            Assert.That(claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>(), Is.EqualTo(900));
            Assert.That(claims["scope"], Is.Null);
            Assert.That(Text(tokens, "refresh_token"), Does.Match("^ref-[0-9a-f]{64}$"));
        }
    }

    [TestCase("/oauth/par")]
    [TestCase("/oauth/token")]
    [TestCase("/oauth/revoke")]
    public async Task Refusal_IsNotKept_AndBringsANonce(string path)
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostOnceAsync(path, new Dictionary<string, string> { ["client_id"] = client.ClientId }, proof: null);

        Assert.That(response.IsSuccessStatusCode, Is.False);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
            Assert.That(response.Headers.Pragma.ToString(), Is.EqualTo("no-cache"));
            Assert.That(response.Headers.GetValues("DPoP-Nonce").Single(), Is.Not.Empty);
            Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin").Single(), Is.EqualTo("*"));
        }
    }

    [Test]
    public async Task Nonce_OfTheAuthorizationServer_IsGoodAtTheResourceServer()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();
        const string Method = "com.atproto.server.getSession";

        HttpResponseMessage response = await client.CallOnceAsync(HttpMethod.Get, Method, token, client.Key.Prove("GET", client.Address($"/xrpc/{Method}"), client.Nonce, token));

        await response.ShouldBeJsonAsync();
    }

    [Test]
    public async Task Refresh_WithAScope_DoesNotChangeWhatWasGranted()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(account);
        Dictionary<string, string> form = client.RefreshForm(Text(tokens, "refresh_token"));
        form["scope"] = "atproto";

        JsonNode renewed = await (await client.PostAsync("/oauth/token", form)).ShouldBeJsonAsync();

        Assert.That(Text(renewed, "scope"), Is.EqualTo("atproto transition:generic"));
    }

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();

    private static JsonNode Decode(string part) => JsonNode.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part)))!;

    private async Task<JsonNode> GetAsync(string path)
    {
        HttpResponseMessage response = await Pds.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin").Single(), Is.EqualTo("*"));
        return await response.ShouldBeJsonAsync();
    }
}
