using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Factors;

/// <summary>The part of the account area in which people say what signing in takes, without scripts but for passkeys.</summary>
internal sealed partial class SecurityPageTests : PdsTest
{
    private const string SignIn = "/account/sign-in";
    private const string Security = "/account/security";
    private readonly ManualTime _time = new();

    [Test]
    public async Task AuthenticatorApp_IsTurnedOnAndOff()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, alice);
        Page setup = await browser.OpenAsync(Security + "/authenticator");
        AuthenticatorApp app = new(Secret().Match(setup.Text).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal), _time);

        Page wrong = await setup.SubmitAsync(Security + "/authenticator", ("code", app.WrongCode()));
        Page on = await wrong.SubmitAsync(Security + "/authenticator", ("code", app.Code()));
        string[] codes = [.. Code().Matches(on.Text).Select(match => match.Value)];
        Page overview = await browser.OpenAsync(Security);
        Page renewed = await overview.SubmitAsync(Security + "/recovery-codes");
        Page off = await overview.SubmitAsync(Security + "/end-authenticator");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(setup.Text, Does.Contain("<svg").And.Contain("href=\"otpauth://totp/"));
            Assert.That(wrong.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(wrong.Text, Does.Contain("role=\"alert\"").And.Contain(Secret().Match(setup.Text).Value), "the app has read it already");
            Assert.That(codes, Has.Length.EqualTo(10).And.Unique);
            Assert.That(on.Response.Headers.CacheControl!.NoStore, Is.True);
            Assert.That(overview.Text, Does.Contain("Recovery codes left: 10").And.Not.Contain(codes[0]));
            Assert.That(Code().Matches(renewed.Text).Select(match => match.Value).Intersect(codes), Is.Empty);
            Assert.That(off.Text, Does.Contain("role=\"status\"").And.Contain("Set up an authenticator app"));
        }
    }

    [Test]
    public async Task AccountArea_WhenTheAppIsOn_AsksForACodeUnlessTheBrowserIsTrusted()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using Browser browser = new(Pds);
        Page step = await SignInAsync(browser, alice);

        Page signedIn = await step.SubmitAsync(SignIn, ("code", app.Code(1)), ("trust", "yes"));
        Page security = await browser.OpenAsync(Security);
        _time.Advance(TimeSpan.FromMinutes(11));
        Page again = await SignInAsync(browser, alice);
        Page asked = await (await browser.OpenAsync(Security)).SubmitAsync(Security + "/end-trust");
        Page afterwards = await SignInAsync(browser, alice);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(step.Text, Does.Contain("name=\"code\"").And.Not.Contain("type=\"password\""));
            Assert.That(signedIn.Title, Is.EqualTo("Your account"), signedIn.Text);
            Assert.That(security.Text, Does.Contain("this browser"));
            Assert.That(again.Title, Is.EqualTo("Your account"));
            Assert.That(asked.Text, Does.Contain("a code is asked for there again"));
            Assert.That(afterwards.Text, Does.Contain("name=\"code\""));
        }
    }

    [Test]
    public async Task Passkey_IsAddedUsedRenamedAndRemoved()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator phone = new(Pds.Options.Server.PublicOrigin);
        using Browser browser = new(Pds);
        using Browser elsewhere = new(Pds);
        await SignInAsync(browser, alice);
        Page page = await browser.OpenAsync(Security + "/passkey");

        Page added = await page.SubmitAsync(Security + "/passkey", ("credential", phone.Create(OptionsIn(page, "create"))), ("name", "Phone"));
        Page signInPage = await elsewhere.OpenAsync(SignIn);
        Page signedIn = await signInPage.SubmitAsync(SignIn, ("credential", phone.Get(OptionsIn(signInPage, "get"))));
        Page renamed = await added.SubmitAsync(Security + "/rename-passkey", ("name", "Old phone"));
        Page removed = await renamed.SubmitAsync(Security + "/remove-passkey");
        Page spent = await page.SubmitAsync(Security + "/passkey", ("credential", phone.Create(OptionsIn(page, "create"))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("script-src 'sha256-").And.Not.Contain("unsafe"));
            Assert.That(added.Text, Does.Contain("<strong>Phone</strong>"));
            Assert.That(signedIn.Title, Is.EqualTo("Your account"), signedIn.Text);
            Assert.That(signedIn.Text, Does.Contain(alice.Handle.ToString()));
            Assert.That(renamed.Text, Does.Contain("<strong>Old phone</strong>"));
            Assert.That(removed.Text, Does.Not.Contain("Old phone"));
            Assert.That(spent.Text, Does.Contain("role=\"alert\""));
        }
    }

    [TestCase("")]
    [TestCase("/authenticator")]
    [TestCase("/passkey")]
    public async Task Open_TenMinutesAfterSigningIn_AsksForThePasswordAgain(string part)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, alice);
        Page fresh = await browser.OpenAsync(Security + part);
        _time.Advance(TimeSpan.FromMinutes(11));

        Page stale = await browser.OpenAsync(Security + part);

        Assert.That(fresh.Title, Is.Not.EqualTo("Sign in"));
        Assert.That(stale.Title, Is.EqualTo("Sign in"));
    }

    [Test]
    public async Task Submit_TenMinutesAfterSigningIn_ChangesNothing()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using Browser browser = new(Pds);
        await (await SignInAsync(browser, alice)).SubmitAsync(SignIn, ("code", app.Code(1)));
        Page page = await browser.OpenAsync(Security);
        _time.Advance(TimeSpan.FromMinutes(11));

        Page stale = await page.SubmitAsync(Security + "/end-authenticator");

        Assert.That(stale.Title, Is.EqualTo("Sign in"));
        Assert.That((await Pds.FactorsAsync(alice)).AuthenticatorSince, Is.Not.Null);
    }

    [Test]
    public async Task Submit_FromElsewhere_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using Browser browser = new(Pds);
        await (await SignInAsync(browser, alice)).SubmitAsync(SignIn, ("code", app.Code(1)));
        Page page = await browser.OpenAsync(Security);
        List<KeyValuePair<string, string>> form = page.Fields(Security + "/end-authenticator");

        Page crossSite = await browser.SendAsync(HttpMethod.Post, Security + "/end-authenticator", "cross-site", form);
        Page forged = await browser.SendAsync(HttpMethod.Post, Security + "/end-authenticator", "same-origin", form.Where(field => field.Key != "csrf"));

        Assert.That(new[] { crossSite.Response.StatusCode, forged.Response.StatusCode }, Is.All.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await Pds.FactorsAsync(alice)).AuthenticatorSince, Is.Not.Null);
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero);
    });

    private static async Task<Page> SignInAsync(Browser browser, AccountClient account) => await (await browser.OpenAsync(SignIn + "?other=yes"))
        .SubmitAsync(SignIn, ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));

    private static string OptionsIn(Page page, string act) => WebUtility.HtmlDecode(Regex.Match(page.Text, $"data-passkey-{act}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<code class=\"secret\">([A-Z2-7 ]+)</code>")]
    private static partial Regex Secret();

    [GeneratedRegex("\\b[A-Z2-7]{5}-[A-Z2-7]{5}\\b")]
    private static partial Regex Code();
}
