using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pds.Api.Pages.SignIn;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Signing in by the authentication of the host, whatever its scheme.</summary>
internal sealed class ExternalSignInTests
{
    private const string Button = "Sign in with your staff account";

    [Test]
    public async Task Flow_ByTheAuthenticationOfTheHost_GivesTokens()
    {
        await using PdsApplication pds = await StartAsync(allowPasswords: true);
        using AccountClient account = await pds.CreateAccountAsync("worker");
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);

        Page signIn = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Page consent = await signIn.SubmitAsync("external");
        string code = (await consent.SubmitAsync("answer", ("answer", "yes"))).Answer()["code"];
        JsonNode tokens = await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();

        Assert.That(signIn.Text, Does.Contain(Button).And.Contain("type=\"password\""));
        Assert.That(consent.Title, Is.EqualTo("Allow access?"));
        Assert.That(tokens["sub"]!.GetValue<string>(), Is.EqualTo(account.Did.ToString()));
    }

    [Test]
    public async Task WithoutPasswords_OnlyTheHostAndAppPasswordsOpenSessions()
    {
        await using PdsApplication pds = await StartAsync(allowPasswords: false);
        using AccountClient account = await pds.CreateAccountAsync("worker");
        JsonNode made = await (await account.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);

        Page signIn = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        IEnumerable<KeyValuePair<string, string>> form = [.. signIn.Fields("external"), new("identifier", account.Handle.ToString()), new("password", PdsApplication.Password)];
        Page refused = await browser.SendAsync(HttpMethod.Post, "/oauth/authorize/sign-in", "same-origin", form);
        HttpResponseMessage byPassword = await SignInAsync(pds, account, PdsApplication.Password);
        HttpResponseMessage byAppPassword = await SignInAsync(pds, account, made["password"]!.GetValue<string>());

        Assert.That(signIn.Text, Does.Contain(Button).And.Not.Contain("type=\"password\""));
        Assert.That(refused.Title, Is.EqualTo("Sign in"));
        await byPassword.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await byAppPassword.ShouldBeJsonAsync();
    }

    [Test]
    public async Task AccountArea_OpensByTheAuthenticationOfTheHost()
    {
        await using PdsApplication pds = await StartAsync(allowPasswords: false);
        using AccountClient account = await pds.CreateAccountAsync("worker");
        using Browser browser = new(pds);

        Page signIn = await browser.OpenAsync("/account");
        Page home = await signIn.SubmitAsync("/account/sign-in/external");

        Assert.That(signIn.Text, Does.Contain(Button).And.Not.Contain("type=\"password\""));
        Assert.That(home.Text, Does.Contain(account.Handle.ToString()));
        Assert.That(home.Response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Flow_ForSomebodyWithoutAnAccount_IsRefused()
    {
        await using PdsApplication pds = await StartAsync(allowPasswords: true);
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SubmitAsync("external");

        Assert.That(page.Title, Is.EqualTo("This did not work"));
        Assert.That(page.Text, Does.Contain("there is no account on this server that belongs to you"));
    }

    [Test]
    public async Task Flow_WhenTheApplicationAsksForAnotherAccount_IsRefused()
    {
        await using PdsApplication pds = await StartAsync(allowPasswords: true);
        using AccountClient account = await pds.CreateAccountAsync("worker");
        using AccountClient other = await pds.CreateAccountAsync("other");
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["login_hint"] = other.Handle.ToString())))).SubmitAsync("external");

        Assert.That(page.Title, Is.EqualTo("This did not work"));
    }

    [Test]
    public async Task Return_WithoutBeingSignedIn_OrWhereNothingIsSetUp_IsRefused()
    {
        await using PdsApplication pds = await StartAsync(allowPasswords: true);
        await using PdsApplication plain = await PdsApplication.StartAsync();
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);
        using Browser plainBrowser = new(plain);
        string request = (await client.PushAsync())["urn:ietf:params:oauth:request_uri:".Length..];

        Page anonymous = await browser.OpenAsync($"/oauth/authorize/external?request={request}");
        Page unknown = await plainBrowser.OpenAsync($"/oauth/authorize/external?request={request}");

        Assert.That(new[] { anonymous, unknown }.Select(page => page.Response.StatusCode), Has.All.EqualTo(HttpStatusCode.BadRequest));
    }

    private static Task<PdsApplication> StartAsync(bool allowPasswords) => PdsApplication.StartAsync(services: services =>
    {
        services.AddAuthentication("staff").AddScheme<AuthenticationSchemeOptions, StaffScheme>("staff", _ => { });
        new PdsBuilder(services).UseExternalSignIn<StaffAccounts>(signIn => (signIn.Label, signIn.AllowPasswords) = (Button, allowPasswords));
    });

    private static Task<HttpResponseMessage> SignInAsync(PdsApplication pds, AccountClient account, string password) =>
        pds.Http.PostXrpcAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = account.Handle.ToString(), ["password"] = password });

    /// <summary>Signs everybody in who asks for it.</summary>
    private sealed class StaffScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Cookies["staff-name"] is { } name
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "staff")), "staff"))
            : AuthenticateResult.NoResult());

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.Cookies.Append("staff-name", "worker");
            Response.StatusCode = (int)HttpStatusCode.SeeOther;
            Response.Headers.Location = properties.RedirectUri;
            return Task.CompletedTask;
        }
    }

    private sealed class StaffAccounts(IAccountStore accounts) : IExternalAccounts
    {
        public async ValueTask<Did?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
            (await accounts.FindAsync(new AtIdentifier(Handle.Parse($"{user.Identity!.Name}.test")), cancellationToken))?.Did;
    }
}
