using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>What each scope opens (spec 07 §9.5, the auth column of spec 05).</summary>
internal sealed class ScopeEnforcementTests : PdsTest
{
    [TestCase("repo:com.example.note", true)]
    [TestCase("repo:com.example.note?action=create", true)]
    [TestCase("repo:*", true)]
    [TestCase("repo:com.example.note?action=delete", false)]
    [TestCase("repo:com.example.other", false)]
    [TestCase("blob:*/*", false)]
    public async Task CreateRecord_NeedsTheCollection(string scope, bool allowed)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(scope);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Post, "com.atproto.repo.createRecord", token, new JsonObject
        {
            ["repo"] = account.Did.ToString(),
            ["collection"] = "com.example.note",
            ["record"] = new JsonObject { ["$type"] = "com.example.note", ["text"] = "hello" },
        });

        await ShouldBeAsync(response, allowed);
    }

    [TestCase("repo:com.example.note?action=create&action=update", true)]
    [TestCase("repo:com.example.note?action=update", false)]
    [TestCase("repo:com.example.note?action=create", false)]
    public async Task PutRecord_NeedsToCreateAndToUpdate(string scope, bool allowed)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(scope);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Post, "com.atproto.repo.putRecord", token, new JsonObject
        {
            ["repo"] = account.Did.ToString(),
            ["collection"] = "com.example.note",
            ["rkey"] = "self",
            ["record"] = new JsonObject { ["$type"] = "com.example.note", ["text"] = "hello" },
        });

        await ShouldBeAsync(response, allowed);
    }

    [TestCase("repo:com.example.note?action=delete", true)]
    [TestCase("repo:com.example.note?action=create", false)]
    public async Task DeleteRecord_NeedsToDelete(string scope, bool allowed)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(scope);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Post, "com.atproto.repo.deleteRecord", token, new JsonObject
        {
            ["repo"] = account.Did.ToString(),
            ["collection"] = "com.example.note",
            ["rkey"] = "self",
        });

        await ShouldBeAsync(response, allowed);
    }

    [TestCase("repo?collection=com.example.note&collection=com.example.other", true)]
    [TestCase("repo:com.example.note", false)]
    public async Task ApplyWrites_NeedsEveryPair(string scope, bool allowed)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(scope);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();
        JsonObject Create(string collection) => new()
        {
            ["$type"] = "com.atproto.repo.applyWrites#create",
            ["collection"] = collection,
            ["value"] = new JsonObject { ["$type"] = collection, ["text"] = "hello" },
        };

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Post, "com.atproto.repo.applyWrites", token, new JsonObject
        {
            ["repo"] = account.Did.ToString(),
            ["writes"] = new JsonArray(Create("com.example.note"), Create("com.example.other")),
        });

        await ShouldBeAsync(response, allowed);
    }

    [TestCase("com.atproto.server.checkAccountStatus")]
    [TestCase("com.atproto.repo.listMissingBlobs")]
    [TestCase("com.atproto.identity.getRecommendedDidCredentials")]
    [TestCase("com.atproto.server.getSession")]
    public async Task MethodsOfTheAccountItself_AreOpenToAll(string method)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { ClientId = OAuthClient.Loopback + "atproto", Scope = "atproto" };
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Get, method, token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    [TestCase("com.atproto.server.createAppPassword", """{"name":"a"}""")]
    [TestCase("com.atproto.server.activateAccount", null)]
    [TestCase("com.atproto.server.requestAccountDelete", null)]
    [TestCase("com.atproto.server.updateEmail", """{"email":"new@example.com"}""")]
    [TestCase("com.atproto.server.revokeAppPassword", """{"name":"a"}""")]
    public async Task AccountMethods_AreClosed(string method, string? input)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith("transition:generic transition:email identity:* account:email?action=manage account:repo?action=manage");
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Post, method, token, input is null ? null : JsonNode.Parse(input));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "Forbidden");
    }

    [TestCase("com.atproto.server.requestEmailConfirmation", null, "account:email?action=manage", true)]
    [TestCase("com.atproto.server.requestEmailConfirmation", null, "account:email", false)]
    [TestCase("com.atproto.identity.updateHandle", """{"handle":"scopedname.test"}""", "identity:handle", true)]
    [TestCase("com.atproto.identity.updateHandle", """{"handle":"other.test"}""", "transition:generic", false)]
    [TestCase("com.atproto.identity.requestPlcOperationSignature", null, "identity:handle", false)]
    [TestCase("com.atproto.identity.requestPlcOperationSignature", null, "identity:*", true)]
    public async Task GrantedMethods_AreOpen(string method, string? input, string scope, bool allowed)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(scope);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Post, method, token, input is null ? null : JsonNode.Parse(input));

        await ShouldBeAsync(response, allowed);
    }

    [TestCase("rpc:app.bsky.feed.getTimeline?aud=did:web:view.client.dev%23bsky_appview", "did:web:view.client.dev%23bsky_appview", true)]
    [TestCase("rpc:app.bsky.feed.getTimeline?aud=*", "did:web:view.client.dev", true)]
    [TestCase("rpc:app.bsky.feed.getTimeline?aud=did:web:view.client.dev%23bsky_appview", "did:web:view.client.dev", false)]
    [TestCase("rpc:app.bsky.feed.getFeed?aud=*", "did:web:view.client.dev", false)]
    [TestCase("transition:generic", "did:web:view.client.dev", true)]
    public async Task GetServiceAuth_ComparesTheAudienceThatIsGiven(string scope, string audience, bool allowed)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(scope);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getServiceAuth", token, query: $"?aud={audience}&lxm=app.bsky.feed.getTimeline");

        await ShouldBeAsync(response, allowed);
    }

    [TestCase("transition:email", true)]
    [TestCase("account:email", true)]
    [TestCase("account:email?action=manage", true)]
    [TestCase("transition:generic", false)]
    public async Task GetSession_ShowsTheAddressToThoseWhoMaySeeIt(string scope, bool shown)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = ClientWith(scope);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();

        JsonNode session = await (await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", token)).ShouldBeJsonAsync();

        Assert.That(session["email"], shown ? Is.Not.Null : Is.Null);
    }

    private static async Task ShouldBeAsync(HttpResponseMessage response, bool allowed)
    {
        if (allowed)
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        }
        else
        {
            await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "ScopeMissingError");
        }
    }

    private OAuthClient ClientWith(string scope) => new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString($"atproto {scope}"), Scope = $"atproto {scope}" };
}
