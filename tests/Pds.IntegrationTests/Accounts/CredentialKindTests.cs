using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Accounts;

/// <summary>What single credentials do and do not do, beyond the cells of <see cref="AccessTable"/>.</summary>
internal sealed class CredentialKindTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private const string Admin = "com.atproto.admin.";

    private ForeignIdentity _moderator = null!;

    [OneTimeSetUp]
    public async Task TrustAModeratorAsync()
    {
        _moderator = await Pds.CreateForeignIdentityAsync("moderator.example");
        Pds.Services.GetRequiredService<ModerationSettings>().ModeratorDid = _moderator.Did.ToString();
    }

    [Test]
    public async Task CreateAccount_ByTheLabelerOfTheDid_IsRefused()
    {
        ForeignIdentity labeler = await Pds.CreateForeignIdentityAsync("marks-others.test", withLabelKey: true);
        string token = GivenServiceTokens.Sign(labeler.Label!, $"{labeler.Did}#atproto_labeler", Pds.Options.Server.ServiceIdentity.ToString(), Server + "createAccount");
        JsonObject input = GivenAccounts.SignUp(labeler.Handle);
        input["did"] = labeler.Did.ToString();

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Post, Server + "createAccount", token, input);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "UntrustedIss");
        using AccountClient owner = await labeler.MoveInAsync();
    }

    [TestCase("updateSubjectStatus", """{"subject":{"$type":"com.atproto.admin.defs#repoRef","did":"{did}"},"takedown":{"applied":false}}""")]
    [TestCase("sendEmail", """{"recipientDid":"{did}","content":"a","senderDid":"did:web:x.example"}""")]
    [TestCase("disableInviteCodes", "{}")]
    [TestCase("disableAccountInvites", """{"account":"{did}"}""")]
    [TestCase("enableAccountInvites", """{"account":"{did}"}""")]
    public async Task ChangeByAModerator_WithTheSameToken_IsMadeOnce(string method, string input)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode body = JsonNode.Parse(input.Replace("{did}", alice.Did.ToString(), StringComparison.Ordinal))!;
        string token = _moderator.Token(Admin + method);

        HttpResponseMessage first = await Pds.Http.SendAsync(HttpMethod.Post, Admin + method, token, body);
        HttpResponseMessage second = await Pds.Http.SendAsync(HttpMethod.Post, Admin + method, token, body);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK), await first.Content.ReadAsStringAsync());
        await second.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "JwtReplayed");
    }

    [TestCase(null, HttpStatusCode.OK)]
    [TestCase("did:web:other.example", HttpStatusCode.BadRequest)]
    [TestCase("", HttpStatusCode.BadRequest)]
    public async Task SessionToken_UnderOurSecret_IsForThisServerOnly(string? audience, HttpStatusCode status)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string token = GivenSessionTokens.Sign(new JsonObject
        {
            ["scope"] = "com.atproto.access",
            ["aud"] = audience ?? Pds.Options.Server.ServiceIdentity.ToString(),
            ["sub"] = alice.Did.ToString(),
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60,
        });

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Get, Server + "getSession", token);

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    /// <summary>A proxy in front may have judged the other one.</summary>
    [Test]
    public async Task Request_WithTwoAuthorizationHeaders_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string header = $"Authorization: Bearer {alice.AccessJwt}\r\n";

        string one = await SendRawAsync(header);
        string two = await SendRawAsync(header + header);

        Assert.That(one, Does.StartWith("HTTP/1.1 200"));
        Assert.That(two, Does.StartWith("HTTP/1.1 400").And.Contain("\"InvalidToken\""));
    }

    [TestCase("did:foo:bar")]
    [TestCase("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme")]
    [TestCase("did:plc:short")]
    [TestCase("did:plc:AAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("did:web:x.example:path")]
    [TestCase("did:web:x.example%3A8080")]
    [TestCase("did:foo:bar#service")]
    [TestCase("did:web:x.example#a b")]
    public async Task GetServiceAuth_ForWhatIsNoServiceOfAtproto_IsRefused(string audience)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await alice.GetAsync(Server + "getServiceAuth", ("aud", audience));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase("did:web:localhost%3A2583")]
    [TestCase("did:web:x.example#service")]
    [TestCase("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task GetServiceAuth_ForAServiceOfAtproto_IsGiven(string audience)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        await (await alice.GetAsync(Server + "getServiceAuth", ("aud", audience))).ShouldBeJsonAsync();
    }

    [TestCase("createAppPassword", """{"name":"later"}""", "reset")]
    [TestCase("createAppPassword", """{"name":"later"}""", "signOut")]
    [TestCase("updateEmail", """{"email":"thief@example.com"}""", "reset")]
    [TestCase("updateEmail", """{"email":"guest@example.com"}""", "signOut")]
    [TestCase("updateEmail", """{"email":"other-thief@example.com","token":"AAAAA-AAAAA"}""", "reset")]
    [TestCase("updateEmail", """{"email":"other-guest@example.com","token":""}""", "signOut")]
    public async Task LastingCredential_ByATokenWhoseSessionEnded_IsNotMade(string method, string input, string how)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode fresh = await EndAsync(alice, how);

        HttpResponseMessage old = await alice.PostAsync(Server + method, JsonNode.Parse(input));
        HttpResponseMessage renewed = await Pds.Http.SendAsync(HttpMethod.Post, Server + method, (string)fresh["accessJwt"]!, JsonNode.Parse(input));

        await old.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        Assert.That(renewed.StatusCode, Is.EqualTo(HttpStatusCode.OK), await renewed.Content.ReadAsStringAsync());
        await (await alice.GetAsync(Server + "getSession")).ShouldBeJsonAsync();    // what does not last goes on
    }

    /// <summary>Apps refresh on <c>ExpiredToken</c>, and the token of before goes on for as long as it lives.</summary>
    [Test]
    public async Task LastingCredential_ByTheTokenOfBeforeARefresh_IsMade()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode next = await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeJsonAsync();

        HttpResponseMessage before = await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "before" });
        HttpResponseMessage after = await Pds.Http.SendAsync(HttpMethod.Post, Server + "createAppPassword", (string)next["accessJwt"]!, new JsonObject { ["name"] = "after" });

        Assert.That((before.StatusCode, after.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
    }

    [Test]
    public async Task DeleteSession_AfterARefresh_EndsTheTokensOfBefore()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode next = await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeJsonAsync();

        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "deleteSession", (string)next["refreshJwt"]!)).ShouldSucceedAsync();

        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        HttpResponseMessage lasting = await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "late" });
        await lasting.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
    }

    [Test]
    public async Task DeactivateAccount_ByAnApp_EndsAllAppsAndNothingElse()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient manager = new(Pds) { Scope = "atproto account:status?action=manage", ClientId = OAuthClient.Loopback + Uri.EscapeDataString("atproto account:status?action=manage") };
        using OAuthClient other = new(Pds);
        string token = (string)(await manager.SignInAsync(alice))["access_token"]!;
        JsonNode others = await other.SignInAsync(alice);

        HttpResponseMessage response = await manager.CallAsync(HttpMethod.Post, Server + "deactivateAccount", token, new JsonObject());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        await (await manager.CallAsync(HttpMethod.Get, Server + "getSession", token)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await (await other.CallAsync(HttpMethod.Get, Server + "getSession", (string)others["access_token"]!)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
        HttpResponseMessage refresh = await other.PostAsync("/oauth/token", other.RefreshForm((string)others["refresh_token"]!));
        Assert.That(refresh.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        JsonNode session = await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeJsonAsync();
        Assert.That((string?)session["status"], Is.EqualTo("deactivated"));
    }

    /// <summary>Who is asked for the right to deactivate must read that it deactivates.</summary>
    [TestCase("account:status?action=manage", "Deactivate your account", true)]
    [TestCase("account:status", "See the status of your account", false)]
    public async Task Consent_ToAStatusScope_SaysWhatItOpens(string scope, string words, bool isFarReaching)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { Scope = $"atproto {scope}", ClientId = OAuthClient.Loopback + Uri.EscapeDataString($"atproto {scope}") };
        using Browser browser = new(Pds);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(alice);

        Assert.That(page.Text, Does.Contain(words));
        Assert.That(page.Text.Contains("far-reaching", StringComparison.Ordinal), Is.EqualTo(isFarReaching));
    }

    [Test]
    public async Task ActivateAccount_ByAnApp_SaysWhereToDoIt()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string token = (string)(await client.SignInAsync(alice))["access_token"]!;

        HttpResponseMessage response = await client.CallAsync(HttpMethod.Post, Server + "activateAccount", token);

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "Forbidden");
        Assert.That((string?)body["message"], Does.Contain("account page"));
    }

    [Test]
    public async Task CreateReport_WithoutAReportService_AsksForCredentialsFirst()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        const string method = "com.atproto.moderation.createReport";

        HttpResponseMessage stranger = await Pds.Http.PostXrpcAsync(method, new JsonObject());
        HttpResponseMessage known = await alice.PostAsync(method, new JsonObject());
        HttpResponseMessage other = await Pds.Http.GetXrpcAsync("app.bsky.feed.getTimeline");

        await stranger.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
        await known.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await other.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    /// <summary>One refusal, one wording, whichever layer refuses.</summary>
    [TestCase("POST", "com.atproto.repo.createRecord")]
    [TestCase("GET", "com.atproto.server.getSession")]
    [TestCase("GET", "com.atproto.admin.getAccountInfos?dids=did:web:x.example")]
    [TestCase("POST", "com.atproto.admin.deleteAccount")]
    [TestCase("POST", "com.atproto.moderation.createReport")]
    public async Task Method_WithoutCredentials_SaysTheSame(string verb, string method)
    {
        HttpResponseMessage response = await Pds.Http.SendAsync(new HttpRequestMessage(new HttpMethod(verb), $"/xrpc/{method}"));

        JsonNode body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.That((response.StatusCode, (string?)body["message"]), Is.EqualTo((HttpStatusCode.Unauthorized, "Authentication Required")));
    }

    /// <summary>What the permission of a host's message says about service tokens holds without any attribute.</summary>
    [TestCase("com.example.host.open", null)]
    [TestCase("com.example.host.closed", "InvalidToken")]
    public async Task MethodOfAHost_ByAServiceToken_IsOpenWhereItsPermissionSaysSo(string method, string? error)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode made = await (await alice.GetAsync(Server + "getServiceAuth", ("aud", Pds.Options.Server.ServiceIdentity), ("lxm", method))).ShouldBeJsonAsync();

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Post, method, (string)made["token"]!);

        string? found = (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"];
        Assert.That((response.StatusCode, found), Is.EqualTo((error is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, error)));
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.AddMvcCore().AddApplicationPart(typeof(VouchController).Assembly);
        services.AddTransient<IRequestHandler<VouchCommand, VouchOutput>, VouchHandler>();
    });

    /// <summary>Ends the session of an account, and gives a new one.</summary>
    private async Task<JsonNode> EndAsync(AccountClient account, string how)
    {
        if (how == "signOut")
        {
            await Pds.Http.SendAsync(HttpMethod.Post, Server + "deleteSession", account.RefreshJwt);
            return await (await Pds.Http.SignInAsync(account.Handle.ToString())).ShouldBeJsonAsync();
        }

        const string password = "another password";
        using HttpClient admin = Pds.CreateOperator();
        await admin.PostXrpcAsync(Admin + "updateAccountPassword", new JsonObject { ["did"] = account.Did.ToString(), ["password"] = password });
        return await (await Pds.Http.SignInAsync(account.Handle.ToString(), password)).ShouldBeJsonAsync();
    }

    /// <summary>What HttpClient would not send.</summary>
    private async Task<string> SendRawAsync(string headers)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Pds.Origin.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /xrpc/{Server}getSession HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"));
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }
}

/// <summary>A host's own methods, which declare nothing but the permissions of their messages.</summary>
/// <param name="mediator">Sends the messages.</param>
public sealed class VouchController(IMediator mediator) : XrpcController
{
    [HttpPost("com.example.host.open")]
    public async Task<IActionResult> Open(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new VouchCommand(caller, IsOpen: true), cancellationToken));

    [HttpPost("com.example.host.closed")]
    public async Task<IActionResult> Closed(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new VouchCommand(caller, IsOpen: false), cancellationToken));
}

/// <summary>Tells who vouches.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="IsOpen">Whether a service token will do.</param>
public sealed record VouchCommand(Caller Caller, bool IsOpen) : ICommand<VouchOutput>, IAuthorizedRequest
{
    public Permission Required => Permission.Standard with { AllowServiceToken = IsOpen };
}

/// <summary>Who vouches.</summary>
/// <param name="Issuer">The account.</param>
public sealed record VouchOutput(Did Issuer);

internal sealed class VouchHandler : IRequestHandler<VouchCommand, VouchOutput>
{
    public Task<VouchOutput> Handle(VouchCommand request, CancellationToken cancellationToken) => Task.FromResult(new VouchOutput(((Caller.Service)request.Caller).Issuer));
}
