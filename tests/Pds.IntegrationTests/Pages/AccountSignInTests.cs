using System.Net;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>Signing in to the account area, out of it, and what a sign-in is good for.</summary>
internal sealed class AccountSignInTests : AccountAreaTest
{
    private static readonly string[] Parts =
    [
        "/account", "/account/sessions", "/account/apps", "/account/app-passwords", "/account/email", "/account/password", "/account/security", "/account/handle", "/account/export", "/account/status",
        "/account/export/repository.car", "/account/export/files.zip",
    ];

    private static readonly string[] SensitiveParts = ["/account/app-passwords", "/account/email", "/account/password", "/account/security", "/account/handle", "/account/status"];

    [Test]
    public async Task SignIn_GoesOnWhereOneWanted_AndIsRemembered()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);

        Page page = await SignInAsync(browser, account, next: "/account/sessions");
        Page again = await browser.OpenAsync("/account");

        Assert.That(page.Title, Is.EqualTo("Devices and sessions"));
        Assert.That(again.Text, Does.Contain(account.Handle.ToString()).And.Contain(account.Did.ToString()));
    }

    [TestCaseSource(nameof(Parts))]
    public async Task Open_WhenNotSignedIn_AsksToSignIn(string address)
    {
        using Browser browser = new(Pds);

        Page page = await browser.OpenAsync(address);

        Assert.That(page.Title, Is.EqualTo("Sign in"));
        Assert.That(page.Fields("/account/sign-in"), Has.Some.Matches<KeyValuePair<string, string>>(field => field.Key == "next"));
    }

    [TestCaseSource(nameof(Parts))]
    public async Task Open_WithoutABrowser_IsRefused(string address)
    {
        HttpResponseMessage response = await Pds.Http.GetAsync(new Uri(address, UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCaseSource(nameof(SensitiveParts))]
    public async Task Open_OfASensitivePart_TenMinutesLater_AsksForThePassword(string address)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, account);
        Page fresh = await browser.OpenAsync(address);
        Time.Advance(TimeSpan.FromMinutes(11));

        Page stale = await browser.OpenAsync(address);
        Page plain = await browser.OpenAsync("/account");
        Page renewed = await stale.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fresh.Title, Is.Not.EqualTo("Sign in"));
            Assert.That(stale.Title, Is.EqualTo("Sign in"));
            Assert.That(stale.Text, Does.Contain($"value=\"{account.Handle}\""));
            Assert.That(plain.Title, Is.EqualTo("Your account"));
            Assert.That(renewed.Title, Is.EqualTo(fresh.Title));
        }
    }

    [Test]
    public async Task Open_AWeekLater_AsksToSignIn()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, account);
        Time.Advance(TimeSpan.FromDays(8));

        Page page = await browser.OpenAsync("/account");

        Assert.That(page.Title, Is.EqualTo("Sign in"));
    }

    [TestCase("https://elsewhere.com")]
    [TestCase("//elsewhere.com")]
    [TestCase("/account//elsewhere.com\\")]
    [TestCase("/accountant")]
    public async Task SignIn_WithANextElsewhere_GoesToTheOverview(string next)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);

        Page page = await SignInAsync(browser, account, Uri.EscapeDataString(next));

        Assert.That(page.Title, Is.EqualTo("Your account"));
    }

    [Test]
    public async Task SignIn_WithAWrongPassword_SaysSo_AndAfterFiveIsLocked()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync("/account/sign-in");

        Page wrong = page;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            wrong = await page.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", "wrong"));
        }

        Page locked = await page.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));

        Assert.That(wrong.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(wrong.Text, Does.Contain("<p class=\"bad\" role=\"alert\">Invalid identifier or password</p>"));
        Assert.That(locked.Text, Does.Contain("Too many wrong attempts"));
    }

    [Test]
    public async Task SignIn_WithAForgedForm_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync("/account/sign-in");

        await AssertForgeryIsRefusedAsync(browser, page, "/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));
    }

    [Test]
    public async Task SignIn_GivesAnotherCookie()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await browser.OpenAsync("/account/sign-in");
        string before = browser.Cookies.GetCookies(browser.Origin)["ses-id"]!.Value;

        await SignInAsync(browser, account);

        Assert.That(browser.Cookies.GetCookies(browser.Origin)["ses-id"]!.Value, Is.Not.EqualTo(before));
    }

    [Test]
    public async Task SignOut_ForgetsTheAccount()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page overview = await SignInAsync(browser, account);

        Page page = await overview.SubmitAsync("/account/sign-out");
        Page again = await browser.OpenAsync("/account");

        Assert.That(new[] { page.Title, again.Title }, Is.All.EqualTo("Sign in"));
    }

    [Test]
    public async Task Choose_SwitchesBetweenAccounts_AndFormsActOnTheAccountTheyShowed()
    {
        using AccountClient first = await Pds.CreateAccountAsync();
        using AccountClient second = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, first);
        Page ofFirst = await browser.OpenAsync("/account/status");
        Page ofSecond = await SignInAsync(browser, second);

        await ofFirst.SubmitAsync("/account/status/deactivate");
        Page choice = await browser.OpenAsync("/account/choose");
        Page switched = await choice.SubmitAsync("/account/choose", ("chosen", first.Did.ToString()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ofSecond.Text, Does.Contain(second.Did.ToString()));
            Assert.That(choice.Text, Does.Contain(first.Handle.ToString()).And.Contain(second.Handle.ToString()));
            Assert.That(switched.Text, Does.Contain(first.Did.ToString()).And.Contain("deactivated"));
        }
    }

    [Test]
    public async Task Choose_OfAnAccountThatIsNotSignedInHere_AsksToSignIn()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient victim = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, account);

        Page page = await (await browser.OpenAsync("/account/choose")).SubmitAsync("/account/choose", ("chosen", victim.Did.ToString()));

        Assert.That(page.Title, Is.EqualTo("Sign in"));
    }

    [Test]
    public async Task Submit_ForAnAccountThatIsNotSignedInHere_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient victim = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/status");
        Dictionary<string, string> form = page.Fields("/account/status/deactivate").ToDictionary(field => field.Key, field => field.Value);
        form["account"] = victim.Did.ToString();

        Page answer = await browser.SendAsync(HttpMethod.Post, "/account/status/deactivate", "same-origin", form);

        Assert.That(answer.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Page_HasNavigationLanguageAndNoScript()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds) { AcceptLanguage = "de" };

        Page page = await SignInAsync(browser, account);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Title, Is.EqualTo("Dein Konto"));
            Assert.That(page.Text, Does.Contain("<a href=\"/account\" aria-current=\"page\">").And.Contain("href=\"/account/sessions\"").And.Not.Contain("<script"));
            Assert.That(page.Response.Headers.CacheControl!.NoStore, Is.True);
        }
    }
}

/// <summary>A server without account area.</summary>
internal sealed class AccountAreaSwitchTests
{
    [Test]
    public async Task AccountArea_SwitchedOff_IsNotThere()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services =>
            Microsoft.Extensions.DependencyInjection.PdsPages.ConfigurePages(new Pds.Application.DependencyInjection.PdsBuilder(services), pages => pages.AccountArea = false));
        using Browser browser = new(pds);

        Page page = await browser.OpenAsync("/account");
        Page signIn = await browser.OpenAsync("/account/sign-in");

        Assert.That(new[] { page.Response.StatusCode, signIn.Response.StatusCode }, Is.All.EqualTo(HttpStatusCode.NotFound));
    }
}
