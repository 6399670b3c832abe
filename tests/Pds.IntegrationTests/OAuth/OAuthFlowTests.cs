using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>The whole way: push, pages, code, tokens, methods, refresh, end.</summary>
internal sealed class OAuthFlowTests : PdsTest
{
    private static JsonObject Note(AccountClient account) => new()
    {
        ["repo"] = account.Did.ToString(),
        ["collection"] = "com.example.note",
        ["record"] = new JsonObject { ["$type"] = "com.example.note", ["text"] = "hello" },
    };

    [Test]
    public async Task Flow_OfALoopbackClient_WritesRefreshesAndEnds()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);

        JsonNode tokens = await client.SignInAsync(account);
        string access = tokens["access_token"]!.GetValue<string>();
        HttpResponseMessage written = await client.CallAsync(HttpMethod.Post, "com.atproto.repo.createRecord", access, Note(account));
        JsonNode renewed = await (await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()))).ShouldBeJsonAsync();
        HttpResponseMessage old = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", access);
        HttpResponseMessage fresh = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", renewed["access_token"]!.GetValue<string>());
        HttpResponseMessage revoked = await client.PostAsync("/oauth/revoke", new Dictionary<string, string> { ["client_id"] = client.ClientId, ["token"] = renewed["refresh_token"]!.GetValue<string>() });
        HttpResponseMessage after = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", renewed["access_token"]!.GetValue<string>());

        await written.ShouldBeJsonAsync();
        await old.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        JsonNode session = await fresh.ShouldBeJsonAsync();
        await revoked.ShouldBeJsonAsync();
        await after.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tokens["token_type"]!.GetValue<string>(), Is.EqualTo("DPoP"));
            Assert.That(tokens["sub"]!.GetValue<string>(), Is.EqualTo(account.Did.ToString()));
            Assert.That(tokens["scope"]!.GetValue<string>(), Is.EqualTo("atproto transition:generic"));
            Assert.That(tokens["expires_in"]!.GetValue<int>(), Is.EqualTo(900));
            Assert.That(session["did"]!.GetValue<string>(), Is.EqualTo(account.Did.ToString()));
            Assert.That(session["email"], Is.Null);
        }
    }

    [Test]
    public async Task Flow_AcrossARestart_LosesNothing()
    {
        string directory = Directory.CreateTempSubdirectory("pds-oauth-").FullName;
        try
        {
            string port;
            string request;
            string token;
            using Browser browser = new(Pds);
            await using (PdsApplication first = await PdsApplication.StartAsync(directory: directory))
            {
                port = first.Origin.Port.ToString();
                using AccountClient account = await first.CreateAccountAsync("restarted");
                using OAuthClient client = new(first);
                request = await client.PushAsync();
                JsonNode tokens = await client.SignInAsync(account);
                token = tokens["refresh_token"]!.GetValue<string>();
                Assert.That(request, Does.StartWith("urn:ietf:params:oauth:request_uri:req-"));
            }

            await using PdsApplication second = await PdsApplication.StartAsync(new Dictionary<string, string?> { ["PDS_PORT"] = port }, directory: directory);
            using OAuthClient again = new(second);
            using Browser late = new(second);

            Page page = await late.OpenAsync(again.AuthorizeAddress(request));
            HttpResponseMessage stolen = await again.PostAsync("/oauth/token", again.RefreshForm(token));

            Assert.That(page.Title, Is.EqualTo("Sign in"));
            await stolen.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
