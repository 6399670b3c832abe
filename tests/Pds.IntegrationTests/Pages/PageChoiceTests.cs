using System.Net;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Pds.Api.Pages;
using Pds.Api.Pages.SignIn;
using Pds.Application.DependencyInjection;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>What a host and a user can choose about pages: language, layout, other pages, none at all.</summary>
internal sealed class PageChoiceTests
{
    private static readonly string[] Switched = ["/oauth/authorize", "/oauth/jwks", "/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource"];

    [TestCase("de-CH,de;q=0.9,en;q=0.8", null, "de", "Anmelden")]
    [TestCase("fr,en;q=0.5,de;q=0.4", null, "en", "Sign in")]
    [TestCase("de", "en", "en", "Sign in")]
    [TestCase("en", "fr de-AT", "de", "Anmelden")]
    [TestCase("de;q=0, *", null, "en", "Sign in")]
    public async Task Language_IsWhatTheApplicationAsksFor_OtherwiseTheBrowser(string accepted, string? asked, string language, string title)
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        using OAuthClient client = new(pds);
        using Browser browser = new(pds) { AcceptLanguage = accepted };
        string request = await client.PushAsync(form =>
        {
            if (asked is not null)
            {
                form["ui_locales"] = asked;
            }
        });

        Page page = await browser.OpenAsync(client.AuthorizeAddress(request));

        Assert.That(page.Title, Is.EqualTo(title));
        Assert.That(page.Text, Does.Contain($"<html lang=\"{language}\">"));
    }

    [Test]
    public async Task Push_WithLocalesThatAreNone_IsRefused()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        using OAuthClient client = new(pds);
        Dictionary<string, string> form = client.PushForm();
        form["ui_locales"] = "<script>";

        HttpResponseMessage response = await client.PostAsync("/oauth/par", form);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Branding_ShowsLogoColoursAndLinks_AndThePolicyKnowsTheStyle()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?>
        {
            ["PDS_SERVICE_NAME"] = "Ex & Ample",
            ["PDS_LOGO_URL"] = "https://example.com/logo.png",
            ["PDS_HOME_URL"] = "https://example.com/",
            ["PDS_PRIMARY_COLOR"] = "#ffee00",
            ["PDS_ERROR_COLOR"] = "#ff0000",
            ["PDS_PRIVACY_POLICY_URL"] = "https://example.com/privacy",
            ["PDS_TERMS_OF_SERVICE_URL"] = "https://example.com/terms",
            ["PDS_SUPPORT_URL"] = "https://example.com/help",
        });
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        string style = System.Text.RegularExpressions.Regex.Match(page.Text, "<style>(?<rules>.*?)</style>", System.Text.RegularExpressions.RegexOptions.Singleline).Groups["rules"].Value;
        string digest = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(page.Response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain($"'sha256-{digest}'"));
            Assert.That(style, Does.Contain("--accent:#ffee00;--on-accent:#000000"));
            Assert.That(page.Text, Does.Contain("Ex &amp; Ample").And.Contain("src=\"https://example.com/logo.png\"").And.Contain("href=\"https://example.com/\""));
            Assert.That(page.Text, Does.Contain("https://example.com/privacy").And.Contain("https://example.com/terms").And.Contain("https://example.com/help"));
        }
    }

    [Test]
    public async Task Host_ReplacesLayoutPageAndWords()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services =>
        {
            services.AddSingleton<IStringLocalizerFactory, FrenchTexts>();
            new PdsBuilder(services)
                .ConfigurePages(pages => pages.UseLayout<OwnLayout>().Replace<SignInPage, OwnSignInPage>().Css = ".own{color:red}")
                .AddPageLanguage<FrenchTexts>("fr");
        });
        using OAuthClient client = new(pds);
        using Browser browser = new(pds) { AcceptLanguage = "fr" };

        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));

        Assert.That(page.Text, Does.StartWith("<main lang=\"fr\">Se connecter: ").And.Contain(".own{color:red}").And.EndWith("own page for /oauth/authorize/sign-in, Password</main>"));
    }

    [Test]
    public void Replace_ByAPageForAnotherModel_IsRefused() =>
        Assert.That(() => new PdsPagesOptions().Replace<ConsentPage, OwnSignInPage>(), Throws.ArgumentException.With.Message.Contains("ConsentModel"));

    [Test]
    public async Task AuthorizationServer_SwitchedOff_IsNotThere()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services => new PdsBuilder(services).ConfigurePages(pages => pages.AuthorizationServer = false));

        foreach (string path in Switched)
        {
            HttpResponseMessage response = await pds.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }

    private sealed class OwnLayout : PdsLayout
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "main");
            builder.AddAttribute(1, "lang", Frame.Language);
            builder.AddContent(2, $"{T[Frame.Title]}: {Frame.Style[^16..]} ");
            builder.AddContent(3, Body);
            builder.CloseElement();
        }
    }

    private sealed class OwnSignInPage : PdsPage<SignInModel>
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, $"own page for {Model.Action}, {T["Password"]}");
    }

    /// <summary>Stands in for resources of the host.</summary>
    private sealed class FrenchTexts : IStringLocalizerFactory, IStringLocalizer
    {
        public LocalizedString this[string name] => name == "Sign in" ? new(name, "Se connecter") : new(name, name, resourceNotFound: true);

        public LocalizedString this[string name, params object[] arguments] => this[name];

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => [];

        public IStringLocalizer Create(Type resourceSource) => this;

        public IStringLocalizer Create(string baseName, string location) => this;
    }
}
