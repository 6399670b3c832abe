using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Clients with a metadata document and a key (spec 07 §3).</summary>
internal sealed class ConfidentialClientTests : PdsTest
{
    private const string Id = "https://app.client.dev/client.json";
    private const string Back = "https://app.client.dev/back";

    private readonly FakeWeb _web = new();
    private readonly DpopKey _key = new();

    [OneTimeTearDown]
    public void Forget() => _key.Dispose();

    [OneTimeSetUp]
    public void Publish()
    {
        _web.Documents[Id] = FakeWeb.Confidential(Id, Back, _key);
        _web.Documents[Id]["scope"] = "atproto transition:generic transition:email";
        _web.Documents["https://public.client.dev/client.json"] = FakeWeb.Public("https://public.client.dev/client.json", Back);
    }

    [Test]
    public async Task Flow_WithAKey_GivesTokens_AndRemembersConsent()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using ConfidentialClient again = Client();
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);
        string code = (await consent.SubmitAsync("answer", ("answer", "yes"))).Answer()["code"];
        JsonNode tokens = await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();

        Page silent = await browser.OpenAsync(again.AuthorizeAddress(await again.PushAsync(form => (form["prompt"], form["login_hint"]) = ("none", account.Handle.ToString()))));
        JsonNode renewed = await (await client.PostAsync("/oauth/token", client.RefreshForm(tokens["refresh_token"]!.GetValue<string>()))).ShouldBeJsonAsync();

        Assert.That(silent.Answer()["code"], Does.StartWith("cod-"));
        Assert.That(renewed["sub"]!.GetValue<string>(), Is.EqualTo(account.Did.ToString()));
    }

    [TestCase(null, "login_required")]
    [TestCase("hinted", "login_required")]
    public async Task SilentRequest_WhenNobodyIsSignedIn_GoesBackWithLoginRequired(string? hint, string error)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form =>
        {
            form["prompt"] = "none";
            if (hint is not null)
            {
                form["login_hint"] = account.Handle.ToString();
            }
        })));

        Assert.That(page.Answer()["error"], Is.EqualTo(error));
    }

    [Test]
    public async Task SilentRequest_WhenConsentIsMissing_GoesBackWithConsentRequired()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => (form["prompt"], form["login_hint"]) = ("none", account.Handle.ToString()))));

        Assert.That(page.Answer()["error"], Is.EqualTo("consent_required"));
    }

    [Test]
    public async Task SilentRequest_ForADeactivatedAccount_GoesBackWithLoginRequired()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await client.AuthorizeRememberedAsync(account, browser);
        await account.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => (form["prompt"], form["login_hint"]) = ("none", account.Did.ToString()))));

        Assert.That(page.Answer()["error"], Is.EqualTo("login_required"));
    }

    [Test]
    public async Task LoginPrompt_AsksForThePasswordWhateverIsRemembered()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["prompt"] = "login")));
        IEnumerable<KeyValuePair<string, string>> choice = [.. page.Fields("answer"), new("account", account.Did.ToString())];
        Page chosen = await browser.SendAsync(HttpMethod.Post, "/oauth/authorize/choose", "same-origin", choice);

        Assert.That(page.Title, Is.EqualTo("Sign in"));
        Assert.That(chosen.Title, Is.EqualTo("Sign in"));
    }

    [Test]
    public async Task MaxAge_AsksForThePasswordAgain_WhenItWasGivenLongerAgo()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);

        Page now = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["max_age"] = "0")));
        Page again = await now.SubmitAsync("choose", ("account", account.Did.ToString()));
        Page hour = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["max_age"] = "3600")));
        Page chosen = await hour.SubmitAsync("choose", ("account", account.Did.ToString()));

        Assert.That((again.Title, chosen.Title), Is.EqualTo(("Sign in", "Allow access?")));
    }

    [Test]
    public async Task SelectAccount_WhenNobodyIsSignedIn_GoesBack_AndOtherwiseOffersTheChoice()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);

        Page none = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["prompt"] = "select_account")));
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);
        Page some = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["prompt"] = "select_account")));

        Assert.That(none.Answer()["error"], Is.EqualTo("account_selection_required"));
        Assert.That(some.Title, Is.EqualTo("Choose an account"));
    }

    [TestCase(null, "Allow access?")]
    [TestCase("consent", "Allow access?")]
    [TestCase("login", "Sign in")]
    [TestCase("select_account", "Choose an account")]
    public async Task LoginHint_OfARememberedAccount_LeadsWhereThePromptSays(string? prompt, string title)
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form =>
        {
            form["login_hint"] = account.Did.ToString();
            if (prompt is not null)
            {
                form["prompt"] = prompt;
            }
        })));

        Assert.That(page.Title, Is.EqualTo(title));
    }

    [Test]
    public async Task LoginHint_OfAnAccountThatGaveConsent_GoesBackWithACode_UnlessThePasswordIsTooOld()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await client.AuthorizeRememberedAsync(account, browser);

        Page silent = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["login_hint"] = account.Did.ToString())));
        Page old = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => (form["login_hint"], form["max_age"]) = (account.Did.ToString(), "0"))));

        Assert.That(silent.Answer()["code"], Does.StartWith("cod-"));
        Assert.That(old.Title, Is.EqualTo("Sign in"));
    }

    [Test]
    public async Task Silent_ForADeactivatedAccount_MustSignIn()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await client.AuthorizeRememberedAsync(account, browser);
        await account.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());

        Page silent = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => (form["prompt"], form["login_hint"]) = ("none", account.Did.ToString()))));

        Assert.That(silent.Answer()["error"], Is.EqualTo("login_required"));
    }

    [Test]
    public async Task Consent_AfterADeactivationOnThePage_IsAskedForAgain()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = Client();
        using Browser browser = new(Pds);
        await client.AuthorizeRememberedAsync(account, browser);
        await (await browser.OpenAsync("/account/status")).SubmitAsync("/account/status/deactivate");
        await account.PostAsync("com.atproto.server.activateAccount");

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => form["login_hint"] = account.Did.ToString())));

        Assert.That(page.Title, Is.EqualTo("Allow access?"));
    }

    [Test]
    public async Task Consent_WhenSomethingWasLeftOut_IsAskedForAgain()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using ConfidentialClient client = new(Pds, _key, "k1") { ClientId = Id, RedirectUri = Back, Scope = "atproto transition:email" };
        using Browser browser = new(Pds);
        Page consent = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account, remember: true);
        await consent.SubmitAsync("answer", ("answer", "yes"), ("granted", ""));

        Page silent = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync(form => (form["prompt"], form["login_hint"]) = ("none", account.Did.ToString()))));

        Assert.That(silent.Answer()["error"], Is.EqualTo("consent_required"));
    }

    private static IEnumerable<TestCaseData> SpoiltAssertions()
    {
        yield return Spoil("another audience", claims => claims["aud"] = "https://elsewhere.com", "invalid_client");
        yield return Spoil("another issuer", claims => claims["iss"] = "https://elsewhere.com/c.json", "invalid_client");
        yield return Spoil("old", claims => claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 120, "invalid_client");
        yield return Spoil("no id", claims => claims.Remove("jti"), "invalid_client");
        yield return Spoil("another subject", claims => claims["sub"] = "https://elsewhere.com/c.json", "invalid_client");
        yield return Spoil("of the future", claims => claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 120, "invalid_client");
        yield return Spoil("no time", claims => claims.Remove("iat"), "invalid_client");
        yield return Spoil("over", claims => claims["exp"] = 0, "invalid_client");
    }

    [TestCaseSource(nameof(SpoiltAssertions))]
    public async Task Push_WithASpoiltAssertion_IsRefused(Action<JsonObject> spoil, string error)
    {
        using ConfidentialClient client = Client();
        client.Change = spoil;

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [Test]
    public async Task Push_WithAnAssertionTwice_IsRefused()
    {
        using ConfidentialClient client = Client();
        client.Change = claims => claims["jti"] = "the same";
        await client.PostOnceAsync("/oauth/par", client.PushForm(), proof: null);

        HttpResponseMessage response = await client.PostOnceAsync("/oauth/par", client.PushForm(), proof: null);

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Test]
    public async Task Push_WithoutAssertion_WithAnotherKey_OrWithTheKeyAsDpopKey_IsRefused()
    {
        using OAuthClient silent = new(Pds) { ClientId = Id, RedirectUri = Back };
        using DpopKey forged = new();
        using ConfidentialClient forger = new(Pds, forged, "k1") { ClientId = Id, RedirectUri = Back };
        using ConfidentialClient careless = Client();
        careless.Key = _key;

        HttpResponseMessage none = await silent.PostAsync("/oauth/par", silent.PushForm());
        HttpResponseMessage wrong = await forger.PostAsync("/oauth/par", forger.PushForm());
        HttpResponseMessage same = await careless.PostAsync("/oauth/par", careless.PushForm());
        careless.Key = new DpopKey();

        await none.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client");
        await wrong.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client");
        await same.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [TestCase("redirect")]
    [TestCase("html")]
    [TestCase("huge")]
    [TestCase("missing")]
    [TestCase("other status")]
    public async Task Push_WhenTheDocumentCannotBeHad_IsRefused(string kind)
    {
        string id = $"https://{kind.Replace(' ', '-')}.client.dev/client.json";
        _web.Documents[id] = FakeWeb.Public(id, Back);
        _web.Spoil[id] = kind;
        using OAuthClient client = new(Pds) { ClientId = id, RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client_metadata");
    }

    [Test]
    public async Task PublicClient_WithADocument_IsAlwaysAskedAbout()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds) { ClientId = "https://public.client.dev/client.json", RedirectUri = Back };
        using Browser browser = new(Pds);
        await client.AuthorizeAsync(account, browser);

        Page page = await (await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()))).SignInAsync(account);

        Assert.That(page.Title, Is.EqualTo("Allow access?"));
        Assert.That(page.Text, Does.Contain("public.client.dev").And.Not.Contain("A trustworthy name"));
    }

    protected override Task<PdsApplication> StartAsync() => _web.StartAsync();

    private static TestCaseData Spoil(string name, Action<JsonObject> change, string error) => new TestCaseData(change, error).SetArgDisplayNames(name);

    private ConfidentialClient Client() => new(Pds, _key, "k1") { ClientId = Id, RedirectUri = Back };
}
