using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Factors;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Browsers, clients and second factors whose credential changes while they sign in.</summary>
internal sealed partial class BrowserRaceTests : CredentialRaceTest
{
    [Test]
    public async Task AccountSignIn_WhenThePasswordIsResetMeanwhile_IsNotRemembered()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Meanwhile.Before("IDeviceStore.RememberAsync", () => ResetPasswordAsync(alice));

        Page page = await SignInToAccountAsync(browser, alice);

        Assert.That(page.Title, Is.EqualTo("Sign in"));
        Assert.That(page.Text, Does.Contain("Sign in again"));
        Assert.That(await Pds.Services.GetRequiredService<IDeviceStore>().ListBrowsersAsync(alice.Did, CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task AuthorizationSignIn_WhenThePasswordIsResetMeanwhile_StartsAgain([Values] bool remember)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Meanwhile.Before(remember ? "IDeviceStore.RememberAsync" : "IAuthorizationRequestStore.UpdateAsync", () => ResetPasswordAsync(alice), skip: remember ? 0 : 1);

        Page late = await page.SignInAsync(alice, remember: remember);

        Assert.That(late.Title, Is.EqualTo("Sign in"), late.Text);
        Assert.That(late.Text, Does.Contain("Sign in again"));
    }

    [Test]
    public async Task Approval_WhenTheAccountIsDeactivatedMeanwhile_GivesNoCode()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(alice);
        Meanwhile.Before(
            "IAuthorizationRequestStore.UpdateAsync", async () => await (await alice.PostAsync(Server + "deactivateAccount", new JsonObject())).ShouldSucceedAsync(), skip: 1);

        Page answer = await consent.SubmitAsync("answer", ("answer", "yes"));

        Assert.That(answer.Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), answer.Text);
    }

    [Test]
    public async Task Choice_WhenTheBrowserIsSignedOutMeanwhile_IsRefusedWhoeverElseIsSignedIn()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        await SignInToAccountAsync(browser, alice);
        await SignInToAccountAsync(browser, bob);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Meanwhile.Before("IAuthorizationRequestStore.UpdateAsync", () => EndBrowsersAsync(alice), skip: 1);

        Page late = await page.SubmitAsync("choose", ("account", alice.Did.ToString()));

        Assert.That(late.Response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), late.Text);
    }

    /// <summary>A grant would spare the next client of that name the question.</summary>
    [Test]
    public async Task Grant_BySignInThatHasEnded_IsNotKept()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        IConsentStore consents = Pds.Services.GetRequiredService<IConsentStore>();
        IAccountStore accounts = Pds.Services.GetRequiredService<IAccountStore>();
        SignInProof proof = SignInProof.Of((await accounts.FindAsync(new AtIdentifier(alice.Did), CancellationToken.None))!);
        await ResetPasswordAsync(alice);

        Task Keep() => consents.SaveAsync(proof, "https://app.example/client.json", "atproto", DateTimeOffset.UtcNow, CancellationToken.None);

        Assert.That(Keep, SessionRaceTests.Refused(AuthErrors.AuthenticationRequired));
        Assert.That(await consents.FindAsync(alice.Did, "https://app.example/client.json", CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Consent_WhenTheBrowserWasSignedOutSince_IsOver()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        await SignInToAccountAsync(browser, alice);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Page consent = await page.SubmitAsync("choose", ("account", alice.Did.ToString()));
        await EndBrowsersAsync(alice);

        Page late = await consent.SubmitAsync("answer", ("answer", "yes"));

        Assert.That(consent.Title, Is.EqualTo("Allow access?"));
        Assert.That(late.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), late.Text);
    }

    [TestCase("resetPassword")]
    [TestCase("takedown")]
    [TestCase("deactivation")]
    [TestCase("deletion")]
    public async Task CodeExchange_WhenTheSignInEndsMeanwhile_BeginsNoSession(string end)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string code = await client.AuthorizeAsync(alice);
        await client.PushAsync(); // learns a nonce that the exchange can use at once
        Meanwhile.Before("IOAuthSessionStore.AddAsync", () => EndAsync(alice, end));

        HttpResponseMessage response = await client.PostAsync("/oauth/token", client.CodeForm(code));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.That(await Pds.Services.GetRequiredService<IOAuthSessionStore>().ListAsync(alice.Did, CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task CodeExchange_OfACodeFromBeforeAPasswordReset_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string code = await client.AuthorizeAsync(alice);
        await ResetPasswordAsync(alice);

        HttpResponseMessage response = await client.PostAsync("/oauth/token", client.CodeForm(code));

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Refresh_WhenAnotherOneIsMadeMeanwhile_IsRefusedAndTheSessionOfTheWinnerLives()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string refresh = (await client.SignInAsync(alice))["refresh_token"]!.GetValue<string>();
        JsonNode? winner = null;
        Meanwhile.Before(
            "IOAuthSessionStore.RotateAsync", async () => winner = await (await client.PostAsync("/oauth/token", client.RefreshForm(refresh))).ShouldBeJsonAsync());

        HttpResponseMessage loser = await client.PostAsync("/oauth/token", client.RefreshForm(refresh));

        await loser.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        await (await client.CallAsync(HttpMethod.Get, Server + "getSession", winner!["access_token"]!.GetValue<string>())).ShouldBeJsonAsync();
        await (await client.PostAsync("/oauth/token", client.RefreshForm(winner["refresh_token"]!.GetValue<string>()))).ShouldBeJsonAsync();
        HttpResponseMessage replayed = await client.PostAsync("/oauth/token", client.RefreshForm(refresh));
        await replayed.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.That(await Pds.Services.GetRequiredService<IOAuthSessionStore>().ListAsync(alice.Did, CancellationToken.None), Is.Empty, "a replay ends the session");
    }

    [Test]
    public async Task PasskeySignIn_WhenThePasskeyIsRemovedMeanwhile_IsNotRemembered()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = new(Pds.Options.Server.PublicOrigin);
        await Pds.AddPasskeyAsync(alice, phone);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        string options = WebUtility.HtmlDecode(Options().Match(page.Text).Groups[1].Value);
        Meanwhile.Before("IAuthorizationRequestStore.UpdateAsync", () => Pds.SendAsync(new RemovePasskeyCommand(alice.Caller(), phone.Id)), skip: 1);

        Page late = await page.SubmitAsync("sign-in", ("credential", phone.Get(options)));

        Assert.That(late.Title, Is.EqualTo("Sign in"), late.Text);
    }

    [Test]
    public async Task Consent_WhenThePasskeyWasRemovedSince_GivesNoCode()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = new(Pds.Options.Server.PublicOrigin);
        await Pds.AddPasskeyAsync(alice, phone);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        string options = WebUtility.HtmlDecode(Options().Match(page.Text).Groups[1].Value);
        Page consent = await page.SubmitAsync("sign-in", ("credential", phone.Get(options)));
        await Pds.SendAsync(new RemovePasskeyCommand(alice.Caller(), phone.Id));

        Page late = await consent.SubmitAsync("answer", ("answer", "yes"));

        Assert.That(consent.Title, Is.EqualTo("Allow access?"));
        Assert.That(late.Title, Is.EqualTo("Sign in"), late.Text);
    }

    [Test]
    public async Task SecondFactor_WhenThePasswordIsResetBeforeItIsAskedFor_IsNotAskedFor()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TurnOnAuthenticatorAsync(alice);
        using Browser browser = new(Pds);
        Meanwhile.Before("IPendingSignInStore.AddAsync", () => ResetPasswordAsync(alice));

        Page page = await SignInToAccountAsync(browser, alice);

        Assert.That(page.Text, Does.Contain("Sign in again"));
    }

    [Test]
    public async Task SecondFactor_WhenThePasswordIsResetWhileTheCodeIsJudged_TrustsAndRemembersNothing([Values] bool trust)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using Browser browser = new(Pds);
        Page page = await SignInToAccountAsync(browser, alice);
        Meanwhile.Before(trust ? "ITrustedBrowserStore.TrustAsync" : "IDeviceStore.RememberAsync", () => ResetPasswordAsync(alice));

        Page late = await page.SubmitAsync("/account/sign-in", ("code", app.Code(1)), ("trust", trust ? "yes" : ""));

        Assert.That(late.Title, Is.EqualTo("Sign in"), late.Text);
        Assert.That(await Pds.Services.GetRequiredService<IDeviceStore>().ListBrowsersAsync(alice.Did, CancellationToken.None), Is.Empty);
        Assert.That((await Pds.FactorsAsync(alice)).TrustedBrowsers, Is.Empty);
    }

    [TestCase("IPasskeyStore.AddAsync")]
    [TestCase("IAuthenticatorStore.BeginAsync")]
    [TestCase("IAuthenticatorStore.ConfirmAsync")]
    [TestCase("IRecoveryCodeStore.ReplaceAsync")]
    public async Task Enrolment_WhenTheBrowserIsSignedOutMeanwhile_IsRefused(string port)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = new(Pds.Options.Server.PublicOrigin);
        string device = await Pds.OpenDeviceAsync();
        await Pds.SendAsync(new RememberSignInCommand(device, alice.Did));
        Caller caller = new Caller.Session(alice.Did, SessionScope.Access) { DeviceId = device };
        Func<Task> act = await PrepareAsync(port, caller, alice, device, phone);
        Meanwhile.Before(port, () => Pds.SendAsync(new EndBrowserCommand(alice.Caller(), device)));

        Assert.That(() => act(), SessionRaceTests.Refused(AuthErrors.AuthenticationRequired));
    }

    private static async Task<Page> SignInToAccountAsync(Browser browser, AccountClient account)
    {
        Page page = await browser.OpenAsync("/account/sign-in?next=/account&other=yes");
        return await page.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));
    }

    private async Task<Func<Task>> PrepareAsync(string port, Caller caller, AccountClient account, string device, SoftwareAuthenticator phone)
    {
        switch (port)
        {
            case "IPasskeyStore.AddAsync":
                PasskeyQuestion question = await Pds.SendAsync(new BeginPasskeyCommand(caller, device));
                return () => Pds.SendAsync(new AddPasskeyCommand(caller, device, new PasskeyAnswer(question.Id, phone.Create(question.Options)), "phone"));
            case "IAuthenticatorStore.BeginAsync":
                return () => Pds.SendAsync(new BeginAuthenticatorCommand(caller));
            case "IAuthenticatorStore.ConfirmAsync":
                AuthenticatorApp app = new((await Pds.SendAsync(new BeginAuthenticatorCommand(caller))).Secret, Pds.Services.GetRequiredService<TimeProvider>());
                return () => Pds.SendAsync(new ConfirmAuthenticatorCommand(caller, app.Code()));
            default:
                await Pds.TurnOnAuthenticatorAsync(account);
                return () => Pds.SendAsync(new RenewRecoveryCodesCommand(caller));
        }
    }

    private async Task EndBrowsersAsync(AccountClient account)
    {
        foreach ((Device device, _) in await Pds.Services.GetRequiredService<IDeviceStore>().ListBrowsersAsync(account.Did, CancellationToken.None))
        {
            await Pds.SendAsync(new EndBrowserCommand(account.Caller(), device.Id));
        }
    }

    private async Task EndAsync(AccountClient account, string end)
    {
        switch (end)
        {
            case "resetPassword":
                await ResetPasswordAsync(account);
                break;
            case "takedown":
                await Pds.TakeDownAsync(account.Did);
                break;
            case "deactivation":
                await (await account.PostAsync(Server + "deactivateAccount", new JsonObject())).ShouldSucceedAsync();
                break;
            default:
                await Pds.Services.GetRequiredService<IAccountStore>().DeleteAsync(account.Did, _ => null, CancellationToken.None);
                break;
        }
    }

    [GeneratedRegex("data-passkey-get=\"([^\"]*)\"")]
    private static partial Regex Options();
}
