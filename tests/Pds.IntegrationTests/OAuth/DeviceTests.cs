using System.Net;
using Pds.IntegrationTests.Pages;

namespace Pds.IntegrationTests.OAuth;

/// <summary>The cookies of browsers (spec 07 §11): one stays, one changes.</summary>
internal sealed class DeviceTests : AccountAreaTest
{
    [TestCase(3, false)]
    [TestCase(6, true)]
    public async Task Cookie_ChangesEveryFiveMinutes(int minutes, bool changes)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, account);
        (string device, string secret) = CookiesOf(browser);

        Time.Advance(TimeSpan.FromMinutes(minutes));
        await browser.OpenAsync("/account");

        (string sameDevice, string laterSecret) = CookiesOf(browser);
        Assert.That((sameDevice == device, laterSecret != secret), Is.EqualTo((true, changes)));
    }

    [Test]
    public async Task Cookie_ThatWasChangedSixSecondsAgo_EndsTheBrowser()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, account);
        (_, string old) = CookiesOf(browser);
        Time.Advance(TimeSpan.FromMinutes(6));
        Page before = await browser.OpenAsync("/account");
        (_, string current) = CookiesOf(browser);

        browser.Cookies.Add(Pds.Origin, new Cookie("ses-id", old));
        Time.Advance(TimeSpan.FromSeconds(6));
        Page page = await browser.OpenAsync("/account");

        Assert.That(current, Is.Not.EqualTo(old));
        Assert.That((before.Title == "Sign in", page.Title), Is.EqualTo((false, "Sign in")));
    }

    private (string Device, string Secret) CookiesOf(Browser browser)
    {
        CookieCollection cookies = browser.Cookies.GetCookies(Pds.Origin);
        return (cookies["dev-id"]!.Value, cookies["ses-id"]!.Value);
    }
}
