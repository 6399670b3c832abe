using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Pds.Api.Pages;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Pages to make an account, to get back into one, and to confirm an address.</summary>
internal sealed partial class SignUpTests : PdsTest
{
    private int _people;

    [Test]
    public async Task SignUp_OnTheWayToAnApplication_MakesAnAccountAndAsksForConsent()
    {
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        string name = Name();

        Page signUp = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["prompt"] = "create")));
        Page consent = await signUp.SubmitAsync("sign-up", Person(name));
        string code = (await consent.SubmitAsync("answer", ("answer", "yes"))).Answer()["code"];
        JsonNode tokens = await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();
        JsonNode session = await (await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>())).ShouldBeJsonAsync();

        Assert.That((signUp.Title, consent.Title), Is.EqualTo(("Create an account", "Allow access?")));
        Assert.That(session["handle"]!.GetValue<string>(), Is.EqualTo($"{name}.test"));
    }

    [Test]
    public async Task SignIn_LeadsToSignUp_AndBack()
    {
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page signIn = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Page signUp = await browser.OpenAsync(signIn.LinkTo("Create an account"));
        Page back = await browser.OpenAsync(signUp.LinkTo("Sign in instead"));

        Assert.That((signIn.Title, signUp.Title, back.Title), Is.EqualTo(("Sign in", "Create an account", "Sign in")));
    }

    [Test]
    public async Task SignUp_WithWhatIsTaken_SaysNothingAboutAddresses()
    {
        using AccountClient taken = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync("/account/sign-up");
        string local = taken.Handle.ToString().Split('.')[0];

        Page handle = await page.SubmitAsync("/account/sign-up", [.. Person(Name()).Where(field => field.Name != "handle"), ("handle", local)]);
        Page email = await handle.SubmitAsync("/account/sign-up", [.. Person(Name()).Where(field => field.Name != "email"), ("email", $"{taken.Handle}@example.com")]);
        Page disposable = await email.SubmitAsync("/account/sign-up", [.. Person(Name()).Where(field => field.Name != "email"), ("email", "a@mailinator.com")]);
        Page password = await disposable.SubmitAsync("/account/sign-up", [.. Person(Name()).Where(field => field.Name != "password"), ("password", "short")]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(handle.Text, Does.Contain("This handle is not available."));
            Assert.That(email.Text, Does.Contain("This e-mail address cannot be used here."));
            Assert.That(disposable.Text, Does.Contain("This e-mail address cannot be used here."));
            Assert.That(password.Text, Does.Contain("The password must have 8 to 256 characters.").And.Not.Contain("\"short\""));
            Assert.That(new[] { handle, email, disposable, password }.Select(answer => answer.Response.StatusCode), Has.All.EqualTo(HttpStatusCode.BadRequest));
        }
    }

    [Test]
    public async Task SignUp_ForItself_SignsInAndMailsACode_WithWhichTheAddressIsConfirmed()
    {
        using Browser browser = new(Pds);
        string name = Name();

        Page done = await (await browser.OpenAsync("/account/sign-up")).SubmitAsync("/account/sign-up", Person(name));
        Page confirm = await browser.OpenAsync(done.LinkTo("Confirm your e-mail address"));
        Page wrong = await confirm.SubmitAsync("/account/confirm-email", ("email", "somebody@example.com"), ("code", CodeTo(name)));
        Page confirmed = await wrong.SubmitAsync("/account/confirm-email", ("email", $"{name}@example.com"), ("code", CodeTo(name)));
        JsonNode session = await (await Pds.Http.PostXrpcAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = $"{name}.test", ["password"] = PdsApplication.Password })).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(done.Text, Does.Contain("Your account has been created."));
            Assert.That(wrong.Text, Does.Contain("The code is wrong or too old, or was sent to another address."));
            Assert.That(confirmed.Text, Does.Contain("Your e-mail address is confirmed."));
            Assert.That(session["emailConfirmed"]!.GetValue<bool>(), Is.True);
        }
    }

    [Test]
    public async Task SignUp_WhereInvitesAreRequired_AsksForOne()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?> { ["PDS_INVITE_REQUIRED"] = "true" });
        using Browser browser = new(pds);
        Page page = await browser.OpenAsync("/account/sign-up");

        Page none = await page.SubmitAsync("/account/sign-up", Person(Name()));
        Page wrong = await none.SubmitAsync("/account/sign-up", [.. Person(Name()), ("invite", "nothing")]);

        Assert.That(page.Text, Does.Contain("name=\"invite\""));
        Assert.That(new[] { none, wrong }.Select(answer => answer.Text), Has.All.Contain("This invite code is not valid."));
    }

    [Test]
    public async Task SignUp_WhereItIsSwitchedOff_IsNotThere()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services => services.Configure<PdsPagesOptions>(pages => pages.SignUp = false));
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["prompt"] = "create")));
        IEnumerable<KeyValuePair<string, string>> form = [.. page.Fields("sign-in"), .. Person(Name()).Select(field => KeyValuePair.Create(field.Name, field.Value))];
        Page forced = await browser.SendAsync(HttpMethod.Post, "/oauth/authorize/sign-up", "same-origin", form);
        Page own = await browser.OpenAsync("/account/sign-up");

        Assert.That(page.Title, Is.EqualTo("Sign in"));
        Assert.That(page.Text, Does.Not.Contain("Create an account"));
        Assert.That((forced.Response.StatusCode, own.Response.StatusCode), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.NotFound)));
    }

    [Test]
    public async Task ResetPassword_ChangesIt_AndSaysTheSameToStrangers()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page ask = await browser.OpenAsync("/account/reset-password");

        Page unknown = await ask.SubmitAsync("/account/reset-password", ("email", "nobody@example.com"));
        Page known = await ask.SubmitAsync("/account/reset-password", ("email", $"{account.Handle}@example.com"));
        string code = CodeTo(account.Handle.ToString());
        Page wrong = await known.SubmitAsync("/account/reset-password/code", ("code", "AAAAA-AAAAA"), ("password", "another long password"));
        Page shortOne = await wrong.SubmitAsync("/account/reset-password/code", ("code", code), ("password", "short"));
        Page done = await shortOne.SubmitAsync("/account/reset-password/code", ("code", code), ("password", "another long password"));
        HttpResponseMessage session = await Pds.Http.PostXrpcAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = account.Handle.ToString(), ["password"] = "another long password" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Csrf().Replace(unknown.Text, ""), Is.EqualTo(Csrf().Replace(known.Text, "")));
            Assert.That(wrong.Text, Does.Contain("The code is wrong or too old."));
            Assert.That(shortOne.Text, Does.Contain("The password must have 8 to 256 characters."));
            Assert.That(done.Text, Does.Contain("Your password has been changed."));
            Assert.That(session.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [TestCase("/account/sign-up")]
    [TestCase("/account/reset-password")]
    [TestCase("/account/reset-password/code")]
    [TestCase("/account/confirm-email")]
    public async Task Forms_FromElsewhere_AreRefused_AndPagesAreProtected(string address)
    {
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(address);
        Dictionary<string, string> form = page.Fields(address).ToDictionary(field => field.Key, field => field.Value);

        Page crossSite = await browser.SendAsync(HttpMethod.Post, address, "cross-site", form);
        Page forged = await browser.SendAsync(HttpMethod.Post, address, "same-origin", new Dictionary<string, string>(form) { ["csrf"] = "abc" });
        Page foreign = await browser.SendAsync(HttpMethod.Post, address, "same-origin", form, origin: "https://elsewhere.com");

        Assert.That(new[] { crossSite, forged, foreign }.Select(answer => answer.Response.StatusCode), Has.All.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("frame-ancestors 'none'"));
        Assert.That(page.Text, Does.Not.Contain("<script"));
    }

    private static (string Name, string Value)[] Person(string name) =>
        [("handle", name), ("email", $"{name}@example.com"), ("password", PdsApplication.Password)];

    [GeneratedRegex("<input type=\"hidden\" name=\"csrf\"[^>]*>")]
    private static partial Regex Csrf();

    [GeneratedRegex("[A-Z2-7]{5}-[A-Z2-7]{5}")]
    private static partial Regex Code();

    private string Name() => $"person{Interlocked.Increment(ref _people)}";

    private string CodeTo(string name) => Code().Match(Pds.Mails.First(mail => mail.Mail.To.StartsWith($"{name}@", StringComparison.Ordinal)).Mail.Text).Value;
}
