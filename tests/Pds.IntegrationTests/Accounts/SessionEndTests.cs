using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Accounts.Mailing;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Accounts;

/// <summary>What ends every session of an account, whichever way it was opened (spec 06 §3.3), and tokens that serve once.</summary>
internal sealed class SessionEndTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private const string Admin = "com.atproto.admin.";

    [TestCase("resetPassword")]
    [TestCase("updateAccountPassword")]
    [TestCase("takedown")]
    public async Task PasswordOrTakedown_EndsSessionsOfEveryKind(string how)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(alice);

        await EndAsync(alice, how);

        await RefusedAsync(client, tokens);
        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
    }

    /// <summary>Pitfall E 107: a DID that comes back inherits nothing.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task DeleteAccount_EndsSessionsOfEveryKindForGood(bool byTheOperator)
    {
        ForeignIdentity erin = await Pds.CreateForeignIdentityAsync($"erin-{byTheOperator}.test".ToLowerInvariant());
        using AccountClient first = await erin.MoveInAsync();
        await erin.PointHereAsync();
        await first.PostAsync(Server + "activateAccount");
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(first);
        string app = (string)(await (await first.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync())["password"]!;

        await DeleteAsync(first, byTheOperator);

        await (await client.CallAsync(HttpMethod.Get, Server + "getSession", (string)tokens["access_token"]!)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await (await first.GetAsync(Server + "getSession")).ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "AccountNotFound");
        using AccountClient second = await erin.MoveInAsync();
        await second.PostAsync(Server + "activateAccount");
        await RefusedAsync(client, tokens);
        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", first.RefreshJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await Pds.Http.SignInAsync(second.Did.ToString(), app)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        JsonNode passwords = await (await second.GetAsync(Server + "listAppPasswords")).ShouldBeJsonAsync();
        Assert.That(passwords["passwords"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task ServiceToken_ForAMethodThatChangesSomething_ServesOnce()
    {
        ForeignIdentity frank = await Pds.CreateForeignIdentityAsync("frank.test");
        string token = frank.Token();
        JsonObject input = GivenAccounts.SignUp(frank.Handle);
        input["did"] = frank.Did.ToString();
        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "createAccount", token, input)).ShouldBeJsonAsync();
        string upload = frank.Token("com.atproto.repo.uploadBlob", signer: frank.Signing);

        HttpResponseMessage again = await Pds.Http.SendAsync(HttpMethod.Post, Server + "createAccount", token, input.DeepClone());
        HttpResponseMessage[] uploads = [await UploadAsync(upload), await UploadAsync(upload)];

        await again.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "JwtReplayed");
        await uploads[0].ShouldBeJsonAsync();
        await uploads[1].ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "JwtReplayed");
    }

    private async Task EndAsync(AccountClient account, string how)
    {
        using HttpClient admin = Pds.CreateOperator();
        switch (how)
        {
            case "resetPassword":
                await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = GivenMail.EmailOf(account) });
                JsonObject reset = new() { ["token"] = Pds.LastToken(GivenMail.EmailOf(account)), ["password"] = "another password" };
                Assert.That((await Pds.Http.PostXrpcAsync(Server + "resetPassword", reset)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
                break;
            case "updateAccountPassword":
                JsonObject update = new() { ["did"] = account.Did.ToString(), ["password"] = "another password" };
                Assert.That((await admin.PostXrpcAsync(Admin + how, update)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
                break;
            default:
                await Pds.TakeDownAsync(account.Did);
                await Pds.TakeDownAsync(account.Did, applied: false); // what lifting brings back are not the sessions
                break;
        }
    }

    private async Task DeleteAsync(AccountClient account, bool byTheOperator)
    {
        using HttpClient admin = Pds.CreateOperator();
        string email = GivenMail.EmailOf(account);
        HttpResponseMessage response = byTheOperator
            ? await admin.PostXrpcAsync(Admin + "deleteAccount", new JsonObject { ["did"] = account.Did.ToString() })
            : await Pds.Http.PostXrpcAsync(Server + "deleteAccount", new JsonObject
            {
                ["did"] = account.Did.ToString(),
                ["password"] = PdsApplication.Password,
                ["token"] = await Pds.RequestTokenAsync(account, Server + "requestAccountDelete", email),
            });
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    private static async Task RefusedAsync(OAuthClient client, JsonNode tokens)
    {
        await (await client.CallAsync(HttpMethod.Get, Server + "getSession", (string)tokens["access_token"]!)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await (await client.PostAsync("/oauth/token", client.RefreshForm((string)tokens["refresh_token"]!))).ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    private async Task<HttpResponseMessage> UploadAsync(string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/xrpc/com.atproto.repo.uploadBlob", UriKind.Relative)) { Content = new ByteArrayContent([1, 2, 3]) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Authorization = new("Bearer", token);
        return await Pds.Http.SendAsync(request);
    }
}
