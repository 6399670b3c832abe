using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Accounts;

namespace Pds.IntegrationTests.OAuth;

/// <summary>The pages (spec 07 §5, §11, §13).</summary>
internal sealed class PageTests : PdsTest
{
    [Test]
    public async Task Open_WithoutFetchMetadata_IsRefused()
    {
        using OAuthClient client = new(Pds);

        HttpResponseMessage response = await Pds.Http.GetAsync(new Uri(client.AuthorizeAddress(await client.PushAsync()), UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/html"));
    }

    [TestCase("Sec-Fetch-Mode", "cors")]
    [TestCase("Sec-Fetch-Dest", "iframe")]
    [TestCase("Sec-Fetch-Site", "elsewhere")]
    [TestCase("Origin", "https://elsewhere.com")]
    public async Task Open_ByWhatIsNoNavigation_IsRefused(string header, string value)
    {
        using OAuthClient client = new(Pds);
        using HttpRequestMessage request = new(HttpMethod.Get, client.AuthorizeAddress(await client.PushAsync()));
        foreach ((string name, string usual) in new[] { ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Site", "cross-site") })
        {
            request.Headers.Add(name, name == header ? value : usual);
        }

        if (header == "Origin")
        {
            request.Headers.Add(header, value);
        }

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Open_OfARequestThatWasNotPushed_GoesBackWithInvalidRequest_OrShowsAnError()
    {
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        string Address(string redirect) => $"/oauth/authorize?client_id={Uri.EscapeDataString(client.ClientId)}&response_type=code&state=s&redirect_uri={Uri.EscapeDataString(redirect)}";

        Page known = await browser.OpenAsync(Address(OAuthClient.Redirect));
        Page unknown = await browser.OpenAsync(Address("https://elsewhere.com/"));
        Page nothing = await browser.OpenAsync("/oauth/authorize");

        IReadOnlyDictionary<string, string> answer = known.Answer();
        Assert.That((answer["error"], answer["state"], answer["iss"]), Is.EqualTo(("invalid_request", "s", Pds.Options.Server.PublicOrigin)));
        Assert.That((unknown.Response.StatusCode, nothing.Response.StatusCode), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest)));
    }

    [Test]
    public async Task Open_OfARequestThatWasAnswered_OrByAnotherClient_GoesBackWithAccessDenied()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using OAuthClient other = new(Pds) { ClientId = OAuthClient.Loopback + "atproto" };
        using Browser browser = new(Pds);
        string request = await client.PushAsync();
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(request))).SignInAsync(account);
        await consent.SubmitAsync("answer", ("answer", "yes"));

        Page again = await browser.OpenAsync(client.AuthorizeAddress(request));
        Page foreign = await browser.OpenAsync(other.AuthorizeAddress(await client.PushAsync()));

        Assert.That((again.Answer()["error"], foreign.Answer()["error"]), Is.EqualTo(("access_denied", "access_denied")));
    }

    [Test]
    public async Task SignIn_OfAnAccountThatIsTakenDown_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(account.Did);
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account);

        Assert.That(page.Text, Does.Contain("Account was taken down"));
    }

    [Test]
    public async Task Cookie_ChangesWithTheSignIn()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        string before = browser.Cookies.GetCookies(Pds.Origin)["ses-id"]!.Value;

        Page consent = await page.SignInAsync(account);

        Assert.That(consent.Title, Is.EqualTo("Allow access?"));
        Assert.That(browser.Cookies.GetCookies(Pds.Origin)["ses-id"]!.Value, Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Cookie_ThatSomebodyElseHasUsed_EndsTheSignInsOfTheBrowser()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);

        browser.Cookies.Add(Pds.Origin, new Cookie("ses-id", $"ses-{new string('0', 64)}"));
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        Assert.That(page.Title, Is.EqualTo("Sign in"));
    }

    [Test]
    public async Task Cookie_ThatIsWrong_EndsTheBrowserOfTheRightOne()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser owner = new(Pds);
        using Browser thief = new(Pds);
        await (await owner.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);
        string device = owner.Cookies.GetCookies(Pds.Origin)["dev-id"]!.Value;
        thief.Cookies.Add(Pds.Origin, new Cookie("dev-id", device));
        thief.Cookies.Add(Pds.Origin, new Cookie("ses-id", $"ses-{new string('0', 64)}"));

        Page stranger = await thief.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Page afterwards = await owner.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        Assert.That((stranger.Title, afterwards.Title), Is.EqualTo(("Sign in", "Sign in")));
        Assert.That(thief.Cookies.GetCookies(Pds.Origin)["dev-id"]!.Value, Is.Not.EqualTo(device));
        Assert.That(owner.Cookies.GetCookies(Pds.Origin)["dev-id"]!.Value, Is.Not.EqualTo(device));
    }

    [Test]
    public async Task Open_OfAnUnknownRequest_ShowsAnError()
    {
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page page = await browser.OpenAsync(client.AuthorizeAddress("urn:ietf:params:oauth:request_uri:req-0"));

        Assert.That(page.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Title, Is.EqualTo("This did not work"));
    }

    [Test]
    public async Task Open_Always_SendsHeadersThatProtectThePage()
    {
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        string policy = page.Response.Headers.GetValues("Content-Security-Policy").Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(policy, Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe-inline"));
            Assert.That(page.Response.Headers.GetValues("X-Frame-Options").Single(), Is.EqualTo("DENY"));
            Assert.That(page.Response.Headers.GetValues("Referrer-Policy").Single(), Is.EqualTo("same-origin"));
            Assert.That(page.Response.Headers.CacheControl!.NoStore, Is.True);
            Assert.That(page.Response.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
            Assert.That(page.Response.Headers.GetValues("Set-Cookie"), Has.All.Contain("httponly").And.All.Contain("samesite=lax"));
            Assert.That(page.Text.Split("<script"), Has.Length.EqualTo(2), "the one for passkeys, whose digest the policy names");
        }
    }

    [Test]
    public async Task Open_InAnotherBrowser_GoesBackWithAccessDenied()
    {
        using OAuthClient client = new(Pds);
        using Browser first = new(Pds);
        using Browser second = new(Pds);
        string address = client.AuthorizeAddress(await client.PushAsync());
        await first.OpenAsync(address);

        Page page = await second.OpenAsync(address);

        Assert.That(page.Answer()["error"], Is.EqualTo("access_denied"));
    }

    [Test]
    public async Task Submit_WithoutToken_FromElsewhere_OrFromAnotherBrowser_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        using Browser other = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        await other.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Dictionary<string, string> form = page.Fields("answer").ToDictionary(field => field.Key, field => field.Value);
        form["answer"] = "no";

        Page forged = await browser.SendAsync(HttpMethod.Post, "/oauth/authorize/answer", "same-origin", new Dictionary<string, string>(form) { ["csrf"] = "abc" });
        Page crossSite = await browser.SendAsync(HttpMethod.Post, "/oauth/authorize/answer", "cross-site", form);
        Page foreign = await browser.SendAsync(HttpMethod.Post, "/oauth/authorize/answer", "same-origin", form, origin: "https://elsewhere.com");
        Page stolen = await other.SendAsync(HttpMethod.Post, "/oauth/authorize/answer", "same-origin", form);

        Assert.That(new[] { forged, crossSite, foreign, stolen }.Select(answer => answer.Response.StatusCode), Has.All.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task SignIn_WithAWrongPasswordOrAnUnknownName_SaysTheSame()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        Page wrong = await page.SignInAsync(account, "wrong");
        Page unknown = await page.SubmitAsync("sign-in", ("identifier", "nobody.test"), ("password", "wrong"));

        Assert.That(wrong.Text, Does.Contain("Invalid identifier or password"));
        Assert.That(unknown.Text, Does.Contain("Invalid identifier or password"));
    }

    [Test]
    public async Task SignIn_WithAnAppPassword_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        JsonNode made = await (await account.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, made["password"]!.GetValue<string>());

        Assert.That(page.Text, Does.Contain("App passwords are not allowed"));
    }

    [Test]
    public async Task SignIn_WithWhatLooksLikeMarkup_EncodesIt()
    {
        using OAuthClient client = new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString("atproto x:<script>alert(1)</script>"), Scope = "atproto" };
        using Browser browser = new(Pds);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        Assert.That(page.Text, Does.Not.Contain("<script>alert"));
    }

    [Test]
    public async Task Remember_OffersTheAccountNextTime()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);

        Page again = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Page chosen = await again.SubmitAsync("choose", ("account", account.Did.ToString()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(consent.Title, Is.EqualTo("Allow access?"));
            Assert.That(again.Title, Is.EqualTo("Choose an account"));
            Assert.That(chosen.Title, Is.EqualTo("Allow access?"));
        }
    }

    [Test]
    public async Task Choose_OfAnAccountThatIsNotSignedIn_AsksForThePassword()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient victim = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SubmitAsync("choose", ("account", victim.Did.ToString()));

        Assert.That(page.Title, Is.EqualTo("Sign in"));
    }

    [Test]
    public async Task Answer_No_GoesBackWithAccessDenied()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account);

        IReadOnlyDictionary<string, string> answer = (await consent.SubmitAsync("answer", ("answer", "no"))).Answer();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer["error"], Is.EqualTo("access_denied"));
            Assert.That(answer["state"], Is.EqualTo("state-of-the-test"));
            Assert.That(answer["iss"], Is.EqualTo(Pds.Options.Server.PublicOrigin));
        }
    }

    [Test]
    public async Task Answer_YesWithoutTheAccount_IsRefused()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account);

        Page refused = await consent.SubmitAsync("answer", ("answer", "yes"), ("account", ""));

        Assert.That(refused.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), refused.Text);
    }

    [Test]
    public async Task Answer_WithoutAnOptionalRight_GrantsTheRest()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { ClientId = OAuthClient.Loopback + Uri.EscapeDataString("atproto transition:email"), Scope = "atproto transition:email" };
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account);

        string code = (await consent.SubmitAsync("answer", ("answer", "yes"), ("granted", ""))).Answer()["code"];
        JsonNode tokens = await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();

        Assert.That(tokens["scope"]!.GetValue<string>(), Is.EqualTo("atproto"));
    }

    [TestCase("fragment", '#')]
    [TestCase("query", '?')]
    public async Task Answer_InTheModeThatWasAskedFor(string mode, char separator)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["response_mode"] = mode)))).SignInAsync(account);

        IReadOnlyDictionary<string, string> answer = (await consent.SubmitAsync("answer", ("answer", "yes"))).Answer(separator);

        Assert.That(answer["code"], Does.StartWith("cod-"));
    }

    [Test]
    public async Task Answer_ByFormPost_IsAFormThatPostsItself()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["response_mode"] = "form_post")))).SignInAsync(account);

        Page page = await consent.SubmitAsync("answer", ("answer", "yes"));

        Assert.That(page.Text, Does.Contain($"action=\"{OAuthClient.Redirect}\"").And.Contain("name=\"code\" value=\"cod-"));
        Assert.That(page.Response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("script-src 'sha256-"));
    }

    [Test]
    public async Task LoginHint_IsWhoSignsIn()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient other = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["login_hint"] = account.Handle.ToString())));

        Page consent = await page.SignInAsync(other);

        Assert.That(page.Text, Does.Contain($"value=\"{account.Handle}\""));
        Assert.That(consent.Text, Does.Contain($"<strong>{account.Handle}</strong>"));
    }

    [Test]
    public async Task LoginHint_OfARememberedAccount_GoesStraightToConsent()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using AccountClient other = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);
        Page choice = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        await (await browser.OpenAsync(choice.LinkTo("Another account"))).SignInAsync(other, remember: true);

        Page byHandle = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["login_hint"] = $"\u202a@{account.Handle}\u202c ")));
        Page byDid = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["login_hint"] = account.Did.ToString())));

        Assert.That((byHandle.Title, byDid.Title), Is.EqualTo(("Allow access?", "Allow access?")));
        Assert.That(byHandle.Text, Does.Contain($"<strong>{account.Handle}</strong>").And.Not.Contain("Use another account"));
    }

    [Test]
    public async Task Form_OverTheLimit_Is413()
    {
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        Page refused = await page.SubmitAsync("sign-in", ("identifier", new string('a', 70_000)), ("password", "x"));

        Assert.That(refused.Response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(refused.Title, Is.EqualTo("This did not work"));
    }

    [TestCase("\u202a{0}\u202c")]
    [TestCase("\u2066@{0}\u2069")]
    [TestCase("\ufeff {0}\u200b ")]
    public async Task SignIn_WithAPastedIdentifier_CleansIt(string form)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        Page consent = await page.SubmitAsync("sign-in", ("identifier", string.Format(null, form, account.Handle)), ("password", PdsApplication.Password));

        Assert.That(consent.Title, Is.EqualTo("Allow access?"));
    }
}
