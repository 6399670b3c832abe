using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pds.IntegrationTests.Accounts.Mailing;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>Passwords, e-mail address and handle.</summary>
internal sealed class AccountSettingsTests : AccountAreaTest
{
    private const string NewPassword = "another horse, another battery";

    [Test]
    public async Task AppPasswords_AreMadeShownOnceAndTakenBack()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/app-passwords");

        Page made = await page.SubmitAsync("/account/app-passwords/create", ("name", "my <phone>"), ("privileged", ""));
        string password = Regex.Match(made.Text, "<code class=\"secret\">([a-z2-7-]{19})</code>").Groups[1].Value;
        Page twice = await page.SubmitAsync("/account/app-passwords/create", ("name", "my <phone>"), ("privileged", ""));
        Page nameless = await page.SubmitAsync("/account/app-passwords/create", ("name", ""), ("privileged", ""));
        Page later = await browser.OpenAsync("/account/app-passwords");
        HttpStatusCode works = await TrySignInAsync(account, password);
        Page done = await later.SubmitAsync("/account/app-passwords/revoke");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(password, Is.Not.Empty);
            Assert.That(works, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(made.Text, Does.Contain("my &lt;phone&gt;"));
            Assert.That(twice.Text, Does.Contain("There is an app password of that name already."));
            Assert.That(nameless.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(later.Text, Does.Contain("my &lt;phone&gt;").And.Not.Contain(password));
            Assert.That(done.Text, Does.Not.Contain("my &lt;phone&gt;"));
            Assert.That(await TrySignInAsync(account, password), Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task Password_IsChanged_AndOthersAreSignedOut()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser other = new(Pds);
        await SignInAsync(other, account);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/password");

        Page wrong = await ChangeAsync(page, "wrong", NewPassword, NewPassword);
        Page different = await ChangeAsync(page, PdsApplication.Password, NewPassword, "something else");
        Page tooShort = await ChangeAsync(page, PdsApplication.Password, "short", "short");
        Page done = await ChangeAsync(page, PdsApplication.Password, NewPassword, NewPassword);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wrong.Text, Does.Contain("The present password is wrong."));
            Assert.That(different.Text, Does.Contain("not the same both times"));
            Assert.That(tooShort.Text, Does.Contain("8 to 256 characters"));
            Assert.That(done.Text, Does.Contain("Your password is changed."));
            Assert.That((await other.OpenAsync("/account")).Title, Is.EqualTo("Sign in"));
            Assert.That((await browser.OpenAsync("/account")).Title, Is.EqualTo("Your account"));
            Assert.That(await TrySignInAsync(account, PdsApplication.Password), Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await TrySignInAsync(account, NewPassword), Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Password_IsChanged_AndOthersStayIfWanted()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser other = new(Pds);
        await SignInAsync(other, account);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/password");

        await ChangeAsync(page, PdsApplication.Password, NewPassword, NewPassword, end: "");

        Assert.That((await other.OpenAsync("/account")).Title, Is.EqualTo("Your account"));
    }

    [Test]
    public async Task Password_WhenTheSignInGrewOld_IsNotChanged()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/password");
        Time.Advance(TimeSpan.FromMinutes(11));

        Page answer = await ChangeAsync(page, PdsApplication.Password, NewPassword, NewPassword);

        Assert.That(answer.Title, Is.EqualTo("Sign in"));
        Assert.That(await TrySignInAsync(account, PdsApplication.Password), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Email_IsConfirmed_ServesAsFactor_AndIsChanged()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        string email = GivenMail.EmailOf(account);
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/email");

        Page sent = await page.SubmitAsync("/account/email/request-confirmation");
        Page wrong = await sent.SubmitAsync("/account/email/confirm", ("code", "AAAAA-AAAAA"));
        Page confirmed = await sent.SubmitAsync("/account/email/confirm", ("code", Pds.LastToken(email)));
        Page on = await confirmed.SubmitAsync("/account/email/factor", ("factor", "on"));
        using Browser other = new(Pds);
        Page asked = await SignInAsync(other, account);
        Page entered = await asked.SubmitAsync(
            "/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password), ("code", Pds.LastToken(email)));
        Page codeSent = await on.SubmitAsync("/account/email/request-change");
        Page off = await codeSent.SubmitAsync("/account/email/factor", ("factor", "off"), ("code", Pds.LastToken(email)));
        await off.SubmitAsync("/account/email/request-change");
        Page changed = await off.SubmitAsync("/account/email/change", ("email", $"new-{email}"), ("code", Pds.LastToken(email)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Text, Does.Contain("not confirmed yet"));
            Assert.That(wrong.Text, Does.Contain("The code is wrong."));
            Assert.That(confirmed.Text, Does.Contain("Your e-mail address is confirmed."));
            Assert.That(on.Text, Does.Contain("signing in needs a code"));
            Assert.That(asked.Text, Does.Contain("name=\"code\""));
            Assert.That(entered.Title, Is.EqualTo("Your account"));
            Assert.That(off.Text, Does.Contain("your password is enough"));
            Assert.That(changed.Text, Does.Contain($"new-{email}").And.Contain("not confirmed yet"));
        }
    }

    [Test]
    public async Task Email_WithoutTheCode_IsNotChanged()
    {
        using AccountClient account = await Pds.CreateConfirmedAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/email");

        Page answer = await page.SubmitAsync("/account/email/change", ("email", "thief@example.com"), ("code", ""));

        Assert.That(answer.Text, Does.Contain("The code from the e-mail is missing."));
    }

    [Test]
    public async Task Handle_OfThisServer_IsChanged()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient other = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/handle");

        Page taken = await page.SubmitAsync("/account/handle/change", ("name", other.Handle.ToString().Split('.')[0]), ("domain", ".test"));
        Page bad = await page.SubmitAsync("/account/handle/change", ("name", "a b"), ("domain", ".test"));
        Page done = await page.SubmitAsync("/account/handle/change", ("name", "Renamed-one"), ("domain", ".test"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(taken.Text, Does.Contain("Somebody else has it."));
            Assert.That(bad.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(done.Text, Does.Contain("Your handle is changed.").And.Contain("<dd>renamed-one.test</dd>"));
        }
    }

    [Test]
    public async Task Handle_OfOnesOwnDomain_IsCheckedFirst()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient other = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await SignInAsync(browser, account, next: "/account/handle");

        Page nobody = await page.SubmitAsync("/account/handle/check", ("handle", "@Own.Example.com"));
        Handles.Named["own.example.com"] = other.Did;
        Page another = await page.SubmitAsync("/account/handle/change", ("handle", "own.example.com"));
        Handles.Named["own.example.com"] = account.Did;
        Page fine = await page.SubmitAsync("/account/handle/check", ("handle", "own.example.com"));
        Page done = await page.SubmitAsync("/account/handle/change", ("handle", "own.example.com"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Text, Does.Contain($"did={account.Did}"));
            Assert.That(nobody.Text, Does.Contain("names no DID yet"));
            Assert.That(another.Text, Does.Contain("names another DID").And.Contain(other.Did.ToString()));
            Assert.That(fine.Text, Does.Contain("You can have it."));
            Assert.That(done.Text, Does.Contain("<dd>own.example.com</dd>"));
        }
    }

    [Test]
    public async Task Forms_ThatAreForged_AreRefused()
    {
        using AccountClient account = await Pds.CreateConfirmedAccountAsync();
        using Browser browser = new(Pds);
        await SignInAsync(browser, account);

        foreach ((string address, string act) in new[]
        {
            ("/account/app-passwords", "/account/app-passwords/create"), ("/account/password", "/account/password"), ("/account/email", "/account/email/change"),
            ("/account/email", "/account/email/factor"), ("/account/email", "/account/email/request-change"), ("/account/handle", "/account/handle/change"), ("/account/handle", "/account/handle/check"),
        })
        {
            await AssertForgeryIsRefusedAsync(browser, await browser.OpenAsync(address), act, ("factor", "on"), ("name", "forged"), ("domain", ".test"));
        }

        JsonNode passwords = await (await account.GetAsync("com.atproto.server.listAppPasswords")).ShouldBeJsonAsync();
        Assert.That(passwords["passwords"]!.AsArray(), Is.Empty);
    }

    private static Task<Page> ChangeAsync(Page page, string current, string wanted, string repeated, string end = "yes") =>
        page.SubmitAsync("/account/password", ("current", current), ("new", wanted), ("repeated", repeated), ("end", end));

    private async Task<HttpStatusCode> TrySignInAsync(AccountClient account, string password) =>
        (await Pds.Http.PostXrpcAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = account.Did.ToString(), ["password"] = password })).StatusCode;
}
