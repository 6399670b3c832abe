using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>Devices, sessions and connected apps.</summary>
internal sealed class AccountSessionsTests : AccountAreaTest
{
    [Test]
    public async Task EndBrowser_SignsTheOtherBrowserOut()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser other = new(Pds);
        await SignInAsync(other, account);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/sessions");

        Page done = await page.SubmitAsync("/account/sessions/end-browser");

        Assert.That(page.Text, Does.Contain("this browser"));
        Assert.That(done.Text, Does.Contain("Signed out there."));
        Assert.That((await other.OpenAsync("/account")).Title, Is.EqualTo("Sign in"));
        Assert.That((await browser.OpenAsync("/account")).Title, Is.EqualTo("Your account"));
    }

    [Test]
    public async Task EndBrowser_OfSomebodyElse_ChangesNothing()
    {
        using AccountClient victim = await Pds.CreateAccountAsync();
        using Browser theirs = new(Pds);
        await SignInAsync(theirs, victim);
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser other = new(Pds);
        await SignInAsync(other, account);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/sessions");
        string device = theirs.Cookies.GetCookies(theirs.Origin)["dev-id"]!.Value;

        await page.SubmitAsync("/account/sessions/end-browser", ("browser", device));

        Assert.That((await theirs.OpenAsync("/account")).Title, Is.EqualTo("Your account"));
    }

    [Test]
    public async Task EndSession_EndsTheProgram_AlsoWhenItWasRenewed()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        string renewed = await RefreshAsync(account.RefreshJwt);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/sessions");

        Page done = await page.SubmitAsync("/account/sessions/end-session");

        Assert.That(page.Text, Does.Contain("Account password"));
        Assert.That(done.Text, Does.Not.Contain("/account/sessions/end-session"));
        Assert.That(await TryRefreshAsync(renewed), Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await TryRefreshAsync(account.RefreshJwt), Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task EndSession_OfSomebodyElse_ChangesNothing()
    {
        using AccountClient victim = await Pds.CreateAccountAsync();
        using Browser theirs = new(Pds);
        Page theirPage = await SignInAsync(theirs, victim, next: "/account/sessions");
        string session = theirPage.Fields("/account/sessions/end-session").Single(field => field.Key == "session").Value;
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/sessions");

        await page.SubmitAsync("/account/sessions/end-session", ("session", session));

        Assert.That(await TryRefreshAsync(victim.RefreshJwt), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task EndOthers_LeavesThisBrowserAlone()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        JsonNode tokens = await client.SignInAsync(account);
        using Browser other = new(Pds);
        await SignInAsync(other, account);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/sessions");

        Page done = await page.SubmitAsync("/account/sessions/end-others");

        HttpResponseMessage app = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(done.Text, Does.Contain("Signed out everywhere else."));
            Assert.That((await other.OpenAsync("/account")).Title, Is.EqualTo("Sign in"));
            Assert.That(await TryRefreshAsync(account.RefreshJwt), Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(app.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task Disconnect_TakesAccessBack()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        string token = (await client.SignInAsync(account))["access_token"]!.GetValue<string>();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/apps");

        Page done = await page.SubmitAsync("/account/apps/disconnect");

        Assert.That(page.Text, Does.Contain("localhost").And.Contain("Read and change everything in your account"));
        Assert.That(done.Text, Does.Contain("No application has access to your account."));
        await (await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", token)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Test]
    public async Task Disconnect_OfSomebodyElsesApp_ChangesNothing()
    {
        using AccountClient victim = await Pds.CreateAccountAsync();
        using OAuthClient theirs = new(Pds);
        string token = (await theirs.SignInAsync(victim))["access_token"]!.GetValue<string>();
        using Browser theirBrowser = new(Pds);
        string session = (await SignInAsync(theirBrowser, victim, next: "/account/apps")).Fields("/account/apps/disconnect").Single(field => field.Key == "session").Value;
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient own = new(Pds);
        await own.SignInAsync(account);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/apps");

        await page.SubmitAsync("/account/apps/disconnect", ("session", session));

        await (await theirs.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", token)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task Forms_ThatAreForged_AreRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        await client.SignInAsync(account);
        using Browser browser = new(Pds);
        Page sessions = await SignInAsync(browser, account, next: "/account/sessions");
        Page apps = await browser.OpenAsync("/account/apps");

        await AssertForgeryIsRefusedAsync(browser, sessions, "/account/sessions/end-others");
        await AssertForgeryIsRefusedAsync(browser, sessions, "/account/sessions/end-session");
        await AssertForgeryIsRefusedAsync(browser, apps, "/account/apps/disconnect");
    }

    private async Task<string> RefreshAsync(string token) => (await (await SendRefreshAsync(token)).ShouldBeJsonAsync())["refreshJwt"]!.GetValue<string>();

    private async Task<HttpStatusCode> TryRefreshAsync(string token) => (await SendRefreshAsync(token)).StatusCode;

    private async Task<HttpResponseMessage> SendRefreshAsync(string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/xrpc/com.atproto.server.refreshSession");
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        return await Pds.Http.SendAsync(request);
    }
}
