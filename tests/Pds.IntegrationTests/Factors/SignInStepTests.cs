using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.DependencyInjection;
using Pds.Application.Factors;
using Pds.IntegrationTests.Accounts.Mailing;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Factors;

/// <summary>Second factors and passkeys on the page of an authorization request.</summary>
internal sealed partial class SignInStepTests : PdsTest
{
    private const string Server = "com.atproto.server.";

    [Test]
    public async Task SignIn_WhenTheAppIsOn_AsksForItsCodeOnly()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await (await OpenAsync(client, browser)).SignInAsync(alice);

        Page wrong = await page.SubmitAsync("sign-in", ("code", app.WrongCode()));
        Page right = await wrong.SubmitAsync("sign-in", ("code", $" {app.Code(1)[..3]} {app.Code(1)[3..]} "));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Response.StatusCode, Is.EqualTo(HttpStatusCode.OK), "nothing went wrong yet");
            Assert.That(page.Text, Does.Contain("authenticator app").And.Not.Contain("type=\"password\""));
            Assert.That(wrong.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(wrong.Text, Does.Contain("role=\"alert\"").And.Contain("authenticator app"));
            Assert.That(right.Title, Is.EqualTo("Allow access?"), right.Text);
        }

        Page replayed = await wrong.SubmitAsync("sign-in", ("code", app.Code(1)));
        Assert.That(replayed.Text, Does.Contain("Sign in again"), "that sign-in has ended");
    }

    [Test]
    public async Task SignIn_WithARecoveryCode_GoesOn()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await (await OpenAsync(client, browser)).SignInAsync(alice);

        Page right = await page.SubmitAsync("sign-in", ("code", app.RecoveryCodes[0]));

        Assert.That(right.Title, Is.EqualTo("Allow access?"), right.Text);
    }

    [Test]
    public async Task SignIn_WhenTheMailboxIsTheFactor_AsksForTheMailedCode()
    {
        using AccountClient alice = await Pds.CreateConfirmedAccountAsync();
        await alice.PostAsync(Server + "updateEmail", new JsonObject { ["email"] = GivenMail.EmailOf(alice), ["emailAuthFactor"] = true });
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page page = await (await OpenAsync(client, browser)).SignInAsync(alice);
        Page right = await page.SubmitAsync("sign-in", ("code", Pds.LastToken(GivenMail.EmailOf(alice))));

        Assert.That(page.Text, Does.Contain("Code from the e-mail"));
        Assert.That(right.Title, Is.EqualTo("Allow access?"), right.Text);
    }

    [Test]
    public async Task SignIn_InABrowserThatIsTrusted_AsksForNoCode()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        using Browser other = new(Pds);
        Page once = await (await OpenAsync(client, browser)).SignInAsync(alice);
        await once.SubmitAsync("sign-in", ("code", app.RecoveryCodes[0]), ("trust", ""));
        Page first = await (await OpenAsync(client, browser)).SignInAsync(alice);
        await first.SubmitAsync("sign-in", ("code", app.Code(1)), ("trust", "yes"));

        Page again = await (await OpenAsync(client, browser)).SignInAsync(alice);
        Page elsewhere = await (await OpenAsync(client, other)).SignInAsync(alice);
        await Pds.SendAsync(new DistrustBrowserCommand(alice.Caller(), (await Pds.FactorsAsync(alice)).TrustedBrowsers.Single().DeviceId));
        Page takenBack = await (await OpenAsync(client, browser)).SignInAsync(alice);

        Assert.That(first.Text, Does.Contain("name=\"code\""), "nobody asked for trust");
        Assert.That(again.Title, Is.EqualTo("Allow access?"));
        Assert.That(elsewhere.Text, Does.Contain("name=\"code\""));
        Assert.That(takenBack.Text, Does.Contain("name=\"code\""));
    }

    [Test]
    public async Task SignIn_ThatWaits_IsOfNoUseToAnotherBrowser()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        using Browser thief = new(Pds);
        Page page = await (await OpenAsync(client, browser)).SignInAsync(alice);
        string pending = page.Fields("sign-in").Single(field => field.Key == "pending").Value;

        Page stolen = await (await OpenAsync(client, thief)).SubmitAsync("sign-in", ("pending", pending), ("code", app.Code(1)));

        Assert.That(stolen.Title, Is.EqualTo("Sign in"));
        Assert.That(stolen.Text, Does.Contain("Sign in again"));
    }

    [Test]
    public async Task SignIn_ThatWaitsWhenThePasswordChanges_IsOver()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await (await OpenAsync(client, browser)).SignInAsync(alice);
        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = GivenMail.EmailOf(alice) });
        await Pds.Http.PostXrpcAsync(Server + "resetPassword", new JsonObject { ["token"] = Pds.LastToken(GivenMail.EmailOf(alice)), ["password"] = "another password" });

        Page late = await page.SubmitAsync("sign-in", ("code", app.Code(1)));

        Assert.That(late.Text, Does.Contain("Sign in again"));
    }

    [Test]
    public async Task SignIn_WithAPasskey_NeedsNeitherNameNorPasswordNorCode()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        await Pds.AddPasskeyAsync(alice, phone);
        await Pds.TurnOnAuthenticatorAsync(alice);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page page = await OpenAsync(client, browser);
        Page signedIn = await UsePasskeyAsync(page, phone);

        Assert.That(page.Response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("script-src 'sha256-"));
        Assert.That(signedIn.Title, Is.EqualTo("Allow access?"), signedIn.Text);
        Assert.That(signedIn.Text, Does.Contain(alice.Handle.ToString()));
        Assert.That((await Pds.FactorsAsync(alice)).Passkeys.Single().LastUsedAt, Is.Not.Null);
        Page twice = await UsePasskeyAsync(page, phone);
        Assert.That(twice.Text, Does.Contain("answered already"), "a question is answered once");
    }

    [Test]
    public async Task SignIn_WithACopyOfAPasskeyThatCounts_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator stick = Authenticator();
        stick.SignCount = 5;
        await Pds.AddPasskeyAsync(alice, stick);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page copy = await UsePasskeyAsync(await OpenAsync(client, browser), stick);
        stick.SignCount = 6;
        Page original = await UsePasskeyAsync(await OpenAsync(client, browser), stick);

        Assert.That(copy.Title, Is.EqualTo("Sign in"));
        Assert.That(original.Title, Is.EqualTo("Allow access?"));
    }

    [Test]
    public async Task SignIn_WithAPasskeyThatWasRemoved_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        await Pds.AddPasskeyAsync(alice, phone);
        await Pds.SendAsync(new RemovePasskeyCommand(alice.Caller(), phone.Id));
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page page = await UsePasskeyAsync(await OpenAsync(client, browser), phone);

        Assert.That(page.Title, Is.EqualTo("Sign in"));
        Assert.That(page.Text, Does.Contain("does not belong to an account here"));
    }

    [Test]
    public async Task SignIn_WithAPasskeyOfAnotherAccountThanAskedFor_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = Authenticator();
        await Pds.AddPasskeyAsync(alice, phone);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page bobs = await UsePasskeyAsync(await OpenAsync(client, browser, form => form["login_hint"] = bob.Handle.ToString()), phone);
        Page hers = await UsePasskeyAsync(await OpenAsync(client, browser, form => form["login_hint"] = alice.Handle.ToString()), phone);

        Assert.That(bobs.Title, Is.EqualTo("Sign in"));
        Assert.That(hers.Title, Is.EqualTo("Allow access?"));
    }

    [Test]
    public async Task OAuthSession_FromBeforeTheAppWasOn_GoesOnWorking()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(alice);

        await Pds.TurnOnAuthenticatorAsync(alice);

        await (await client.CallAsync(HttpMethod.Get, Server + "getSession", (string)tokens["access_token"]!)).ShouldBeJsonAsync();
        await (await client.PostAsync("/oauth/token", client.RefreshForm((string)tokens["refresh_token"]!))).ShouldBeJsonAsync();
    }

    protected override Task<PdsApplication> StartAsync() =>
        PdsApplication.StartAsync(services: services => services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero));

    private static async Task<Page> OpenAsync(OAuthClient client, Browser browser, Action<Dictionary<string, string>>? change = null) =>
        await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(change)));

    /// <summary>What the script of the page does.</summary>
    private static Task<Page> UsePasskeyAsync(Page page, SoftwareAuthenticator authenticator)
    {
        string options = WebUtility.HtmlDecode(Options().Match(page.Text).Groups[1].Value);
        return page.SubmitAsync("sign-in", ("credential", authenticator.Get(options)));
    }

    private SoftwareAuthenticator Authenticator() => new(Pds.Options.Server.PublicOrigin);

    [GeneratedRegex("data-passkey-get=\"([^\"]*)\"")]
    private static partial Regex Options();
}
