using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Requests that come signed, as one JWT (RFC 9101, spec 07 §4).</summary>
internal sealed class RequestObjectTests : PdsTest
{
    private const string Id = "https://app.client.dev/client.json";
    private const string UnsignedId = "https://app.client.dev/unsigned.json";
    private const string Back = "https://app.client.dev/back";

    private readonly FakeWeb _web = new();
    private readonly DpopKey _key = new();

    private static IEnumerable<TestCaseData> Spoilt()
    {
        yield return Spoil("another audience", claims => claims["aud"] = "https://elsewhere.com");
        yield return Spoil("no audience", claims => claims.Remove("aud"));
        yield return Spoil("another issuer", claims => claims["iss"] = "https://elsewhere.com/c.json");
        yield return Spoil("another client", claims => claims["client_id"] = "https://elsewhere.com/c.json");
        yield return Spoil("no client", claims => claims.Remove("client_id"));
        yield return Spoil("old", claims => claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 65);
        yield return Spoil("of the future", claims => claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60);
        yield return Spoil("no time", claims => claims.Remove("iat"));
        yield return Spoil("no id", claims => claims.Remove("jti"));
        yield return Spoil("over", claims => claims["exp"] = 0);
        yield return Spoil("by reference", claims => claims["request_uri"] = "https://app.client.dev/request");
    }

    [OneTimeTearDown]
    public void Forget() => _key.Dispose();

    [OneTimeSetUp]
    public void Publish()
    {
        _web.Documents[Id] = FakeWeb.Confidential(Id, Back, _key);
        _web.Documents[UnsignedId] = FakeWeb.Public(UnsignedId, Back);
        _web.Documents[UnsignedId]["request_object_signing_alg"] = "none";
    }

    [Test]
    public async Task Push_OfASignedRequest_CountsWhatIsInIt_AndNothingBesideIt()
    {
        using ConfidentialClient client = Client();
        Dictionary<string, string> form = Form(client, claims => claims["state"] = "signed");
        form["state"] = "beside";

        HttpResponseMessage pushed = await client.PostAsync("/oauth/par", form);
        string name = (JsonNode.Parse(await pushed.Content.ReadAsStringAsync()))!["request_uri"]!.GetValue<string>();
        using Browser browser = new(Pds);
        IReadOnlyDictionary<string, string> answer = (await (await browser.OpenAsync(client.AuthorizeAddress(name))).SubmitAsync("answer", ("answer", "no"))).Answer();

        Assert.That(pushed.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(answer["state"], Is.EqualTo("signed"));
    }

    [TestCaseSource(nameof(Spoilt))]
    public async Task Push_OfASpoiltRequest_IsRefused(Action<JsonObject> spoil)
    {
        using ConfidentialClient client = Client();

        HttpResponseMessage response = await client.PostAsync("/oauth/par", Form(client, spoil));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Test]
    public async Task Push_OfARequestTwice_ByAnotherKey_OrUnsigned_IsRefused()
    {
        using ConfidentialClient client = Client();
        using DpopKey forged = new();
        Dictionary<string, string> form = Form(client, _ => { });

        HttpResponseMessage first = await client.PostOnceAsync("/oauth/par", form, proof: null);
        HttpResponseMessage twice = await client.PostOnceAsync("/oauth/par", form, proof: null);
        HttpResponseMessage forgery = await client.PostOnceAsync("/oauth/par", Form(client, _ => { }, forged), proof: null);
        HttpResponseMessage unsigned = await client.PostOnceAsync("/oauth/par", Form(client, _ => { }, algorithm: "none"), proof: null);
        HttpResponseMessage malformed = await client.PostOnceAsync("/oauth/par", new Dictionary<string, string> { ["client_id"] = Id, ["request"] = "abc" }, proof: null);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Created), await first.Content.ReadAsStringAsync());
        await twice.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await forgery.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await unsigned.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
        await malformed.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Test]
    public async Task Push_OfAnUnsignedRequest_IsAcceptedFromWhoDeclaresThat()
    {
        using OAuthClient client = new(Pds) { ClientId = UnsignedId, RedirectUri = Back };

        HttpResponseMessage unsigned = await client.PostAsync("/oauth/par", Form(client, claims => claims.Remove("aud"), algorithm: "none"));
        HttpResponseMessage signed = await client.PostAsync("/oauth/par", Form(client, _ => { }));

        Assert.That(unsigned.StatusCode, Is.EqualTo(HttpStatusCode.Created), await unsigned.Content.ReadAsStringAsync());
        await signed.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    protected override Task<PdsApplication> StartAsync() => _web.StartAsync();

    private static TestCaseData Spoil(string name, Action<JsonObject> change) => new TestCaseData(change).SetArgDisplayNames(name);

    private ConfidentialClient Client() => new(Pds, _key, "k1") { ClientId = Id, RedirectUri = Back };

    private Dictionary<string, string> Form(OAuthClient client, Action<JsonObject> change, DpopKey? key = null, string algorithm = "ES256")
    {
        JsonObject claims = new()
        {
            ["iss"] = client.ClientId,
            ["aud"] = Pds.Options.Server.PublicOrigin,
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
        foreach ((string name, string value) in client.PushForm())
        {
            claims[name] = value;
        }

        change(claims);
        string text = (key ?? _key).Sign(new JsonObject { ["alg"] = algorithm, ["kid"] = "k1" }, claims);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = client.ClientId,
            ["request"] = algorithm == "none" ? text[..(text.LastIndexOf('.') + 1)] : text,
        };
    }
}
