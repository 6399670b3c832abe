using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Ends of sessions at the wish of clients (RFC 7009, spec 07 §7).</summary>
internal sealed class RevokeTests : PdsTest
{
    private const string Id = "https://app.client.dev/client.json";
    private const string Back = "https://app.client.dev/back";

    private readonly FakeWeb _web = new();
    private readonly DpopKey _key = new();

    [OneTimeTearDown]
    public void Forget() => _key.Dispose();

    [OneTimeSetUp]
    public void Publish() => _web.Documents[Id] = FakeWeb.Confidential(Id, Back, _key);

    [TestCase("access_token")]
    [TestCase("refresh_token")]
    public async Task Revoke_OfEitherToken_EndsTheSession(string which)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(account);

        HttpResponseMessage revoked = await client.PostAsync("/oauth/revoke", Form(client, tokens[which]!.GetValue<string>()));
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>());

        await revoked.ShouldBeJsonAsync();
        await call.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Test]
    public async Task Revoke_OfACode_SpendsIt()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string code = await client.AuthorizeAsync(account);

        HttpResponseMessage revoked = await client.PostAsync("/oauth/revoke", Form(client, code));
        HttpResponseMessage exchange = await client.PostAsync("/oauth/token", client.CodeForm(code));

        await revoked.ShouldBeJsonAsync();
        await exchange.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Revoke_WithAnotherKey_EndsNothingAndSaysNothing()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using OAuthClient thief = new(Pds);
        string access = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage revoked = await thief.PostAsync("/oauth/revoke", Form(thief, access));
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", access);

        await revoked.ShouldBeJsonAsync();
        await call.ShouldBeJsonAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Revoke_ByAnotherClient_WithoutProofOrWithTheSameKey_EndsNothing(bool withKey)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(account);
        string access = tokens["access_token"]!.GetValue<string>();
        using OAuthClient other = new(Pds) { ClientId = OAuthClient.Loopback + "atproto", Key = client.Key };

        List<HttpResponseMessage> revoked = [];
        foreach (string token in new[] { access, tokens["refresh_token"]!.GetValue<string>() })
        {
            revoked.Add(withKey ? await other.PostAsync("/oauth/revoke", Form(other, token)) : await other.PostOnceAsync("/oauth/revoke", Form(other, token), proof: null));
        }

        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", access);
        HttpResponseMessage refresh = await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()));

        Assert.That(revoked.Select(response => response.StatusCode), Has.All.EqualTo(HttpStatusCode.OK));
        await call.ShouldBeJsonAsync();
        await refresh.ShouldBeJsonAsync();
    }

    [Test]
    public async Task Revoke_ByItsClientWithoutProof_EndsTheSession()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string access = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage revoked = await client.PostOnceAsync("/oauth/revoke", Form(client, access), proof: null);
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", access);

        await revoked.ShouldBeJsonAsync();
        await call.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Test]
    public async Task Revoke_ByAClientThatDoesNotAuthenticate_EndsNothingAndSaysNothing()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = new(Pds, _key, "k1") { ClientId = Id, RedirectUri = Back };
        using OAuthClient silent = new(Pds) { ClientId = Id };
        string access = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage revoked = await silent.PostAsync("/oauth/revoke", Form(silent, access));
        HttpResponseMessage call = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", access);

        await revoked.ShouldBeJsonAsync();
        await call.ShouldBeJsonAsync();
    }

    [Test]
    public async Task Revoke_WithoutClientOrToken_IsRefused()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage noClient = await client.PostAsync("/oauth/revoke", new Dictionary<string, string> { ["token"] = "a" });
        HttpResponseMessage noToken = await client.PostAsync("/oauth/revoke", new Dictionary<string, string> { ["client_id"] = client.ClientId });

        await noClient.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client");
        await noToken.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Test]
    public async Task Revoke_WithoutNonce_AsksForOne()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await client.PostOnceAsync("/oauth/revoke", Form(client, "a"), client.Key.Prove("POST", client.Address("/oauth/revoke"), nonce: null));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "use_dpop_nonce");
    }

    protected override Task<PdsApplication> StartAsync() => _web.StartAsync();

    private static Dictionary<string, string> Form(OAuthClient client, string token) => new(StringComparer.Ordinal) { ["client_id"] = client.ClientId, ["token"] = token };
}
