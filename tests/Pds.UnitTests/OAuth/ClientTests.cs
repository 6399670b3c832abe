using System.Text.Json;
using System.Text.Json.Nodes;
using Pds.Application.OAuth;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.UnitTests.OAuth;

internal sealed class ClientTests
{
    private const string Id = "https://app.client.dev/oauth/client.json";

    private static JsonObject Document() => new()
    {
        ["client_id"] = Id,
        ["scope"] = "atproto transition:generic",
        ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
        ["response_types"] = new JsonArray("code"),
        ["dpop_bound_access_tokens"] = true,
        ["token_endpoint_auth_method"] = "none",
        ["redirect_uris"] = new JsonArray("https://app.client.dev/back"),
    };

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("other id", d => d["client_id"] = "https://other.dev/c.json");
        yield return Fault("no auth method", d => d.Remove("token_endpoint_auth_method"));
        yield return Fault("secret", d => d["token_endpoint_auth_method"] = "client_secret_basic");
        yield return Fault("algorithm without key", d => d["token_endpoint_auth_signing_alg"] = "ES256");
        yield return Fault("key method without keys", d => (d["token_endpoint_auth_method"], d["token_endpoint_auth_signing_alg"]) = ("private_key_jwt", "ES256"));
        yield return Fault("no DPoP", d => d.Remove("dpop_bound_access_tokens"));
        yield return Fault("no scope", d => d.Remove("scope"));
        yield return Fault("scope without atproto", d => d["scope"] = "transition:generic");
        yield return Fault("scope twice", d => d["scope"] = "atproto atproto");
        yield return Fault("implicit grant", d => d["grant_types"] = new JsonArray("implicit"));
        yield return Fault("no code", d => d["response_types"] = new JsonArray("token"));
        yield return Fault("no redirects", d => d["redirect_uris"] = new JsonArray());
        yield return Fault("foreign client_uri", d => d["client_uri"] = "https://elsewhere.dev/");
        yield return Fault("pairwise", d => d["subject_type"] = "pairwise");
        yield return Fault("max age", d => d["default_max_age"] = 10);
    }

    [TestCaseSource(nameof(Faults))]
    public void Read_WhenADocumentBreaksARule_Refuses(Action<JsonObject> spoil)
    {
        JsonObject document = Document();
        spoil(document);

        XrpcException refusal = Assert.Throws<XrpcException>(() => Read(document))!;

        Assert.That(refusal.Error, Is.EqualTo(OAuthErrors.InvalidClientMetadata));
    }

    [TestCase("http://localhost/back")]
    [TestCase("https://localhost/back")]
    [TestCase("http://app.client.dev/back")]
    [TestCase("http://127.0.0.1/back")]
    [TestCase("https://10.0.0.1/back")]
    [TestCase("https://user@app.client.dev/back")]
    [TestCase("dev.client.app:/back")]
    public void Read_WhenAWebClientMayNotRedirectThere_Refuses(string redirect)
    {
        JsonObject document = Document();
        document["redirect_uris"] = new JsonArray(redirect);

        XrpcException refusal = Assert.Throws<XrpcException>(() => Read(document))!;

        Assert.That(refusal.Error, Is.EqualTo(OAuthErrors.InvalidRedirectUri));
    }

    [TestCase("http://127.0.0.1/back", true)]
    [TestCase("http://[::1]/back", true)]
    [TestCase("dev.client.app:/back", true)]
    [TestCase("dev.client.app://back", false)]
    [TestCase("dev.other.app:/back", false)]
    [TestCase("https://elsewhere.dev/back", false)]
    public void FaultOf_OfANativeClient_FollowsItsHost(string redirect, bool allowed) =>
        Assert.That(RedirectUri.FaultOf(redirect, new Uri(Id), isNative: true), allowed ? Is.Null : Is.Not.Null);

    [TestCase("http://127.0.0.1:8080/back", "http://127.0.0.1/back", true)]
    [TestCase("http://[::1]:8080/back", "http://[::1]/back", true)]
    [TestCase("http://127.0.0.1:8080/back", "http://127.0.0.1:9090/back", false)]
    [TestCase("http://127.0.0.1:3000", "http://127.0.0.1/", true)]
    [TestCase("http://127.0.0.1:3000/", "http://127.0.0.1", true)]
    [TestCase("http://127.0.0.1:3000", "http://127.0.0.1:3000/", true)]
    [TestCase("http://127.0.0.1:3000?a=b", "http://127.0.0.1/?a=b", true)]
    [TestCase("http://127.0.0.1:3000", "http://127.0.0.1/back", false)]
    [TestCase("http://127.0.0.1:3001", "http://127.0.0.1:3000/", false)]
    [TestCase("http://127.0.0.1:3000@elsewhere.dev", "http://127.0.0.1/", false)]
    [TestCase("http://127.0.0.1:8080/other", "http://127.0.0.1/back", false)]
    [TestCase("http://[::1]:8080/back", "http://127.0.0.1/back", false)]
    [TestCase("https://app.client.dev:8080/back", "https://app.client.dev/back", false)]
    [TestCase("https://app.client.dev/back/", "https://app.client.dev/back", false)]
    public void IsMatch_FreesThePortOfLoopbackAddressesOnly(string requested, string registered, bool match) =>
        Assert.That(RedirectUri.IsMatch(requested, registered), Is.EqualTo(match));

    [TestCase("https://app.client.dev/oauth/client.json", true)]
    [TestCase("https://app.client.dev/", false)]
    [TestCase("https://app.client.dev/dir/", false)]
    [TestCase("https://app.client.dev/a/../client.json", false)]
    [TestCase("https://app.client.dev:8443/client.json", false)]
    [TestCase("https://user@app.client.dev/client.json", false)]
    [TestCase("https://app.client.dev/client.json#a", false)]
    [TestCase("https://93.184.216.34/client.json", false)]
    [TestCase("https://intranet/client.json", false)]
    [TestCase("https://app.test/client.json", false)]
    [TestCase("https://www.example.com/client.json", false)]
    [TestCase("http://app.client.dev/client.json", false)]
    public void TryParseDocument_TakesPublicCanonicalAddresses(string id, bool valid) => Assert.That(ClientId.TryParseDocument(id, isDevelopment: false, out _, out _), Is.EqualTo(valid));

    [TestCase("http://localhost", true)]
    [TestCase("http://localhost/?scope=atproto%20transition:generic", true)]
    [TestCase("http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%2Fa&redirect_uri=http%3A%2F%2F%5B%3A%3A1%5D%2Fa", true)]
    [TestCase("http://localhost?redirect_uri=http%3A%2F%2Flocalhost%2Fa", false)]
    [TestCase("http://localhost?scope=atproto&scope=atproto", false)]
    [TestCase("http://localhost?scope=transition:generic", false)]
    [TestCase("http://localhost?name=x", false)]
    [TestCase("http://localhost/app", false)]
    [TestCase("http://localhost:80", false)]
    public void DescribeLoopback_TakesTwoParametersOnly(string id, bool valid) => Assert.That(ClientId.DescribeLoopback(id, out _), valid ? Is.Not.Null : Is.Null);

    // Every push keeps the id for hours.
    [TestCase("https://app.client.dev/", 'a')]
    [TestCase("http://localhost?", '&')]
    public void ClientId_LongerThanItMayBe_IsRefused(string start, char rest)
    {
        bool IsTaken(string id) => ClientId.IsLoopback(id) ? ClientId.DescribeLoopback(id, out _) is not null : ClientId.TryParseDocument(id, isDevelopment: false, out _, out _);

        Assert.That(IsTaken(start.PadRight(ClientId.MaxLength, rest)), Is.True);
        Assert.That(IsTaken(start.PadRight(ClientId.MaxLength + 1, rest)), Is.False);
    }

    private static TestCaseData Fault(string name, Action<JsonObject> spoil) => new TestCaseData(spoil).SetArgDisplayNames(name);

    private static ClientMetadata Read(JsonObject document)
    {
        using var json = JsonDocument.Parse(document.ToJsonString());
        return ClientMetadataReader.Read(json.RootElement, Id, [.. OAuthUseCases.Algorithms]);
    }
}
