using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.HtmlRendering;
using Pds.Application.Settings;

namespace Pds.Api.Pages;

/// <summary>Answers with a page, and with the headers that keep it from being framed, scripted or stored (spec 07 §13).</summary>
internal sealed class PageRenderer(ServerSettings server, BrandingSettings branding, PdsPagesOptions pages, PageTheme theme, PageTexts texts, ILoggerFactory loggers)
{

    /// <summary>Answers with a page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="page">The page, as this server has it; the host's own is shown if there is one.</param>
    /// <param name="model">What it shows.</param>
    /// <param name="status">HTTP status.</param>
    public async Task WriteAsync(HttpContext context, Type page, PageModel model, int status)
    {
        CultureInfo culture = PageLanguages.Choose(model.Languages, context.Request, texts.Languages);
        CultureInfo.CurrentCulture = culture;       // until this method returns
        CultureInfo.CurrentUICulture = culture;
        SetHeaders(context.Response.Headers, model.Script);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentLanguage = culture.Name;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        ParameterView parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(PageRoot.Layout)] = pages.Layout ?? typeof(PageLayout),
            [nameof(PageRoot.Page)] = pages.Resolve(page),
            [nameof(PageRoot.Model)] = model,
            [nameof(PageRoot.Frame)] = Frame(model, culture),
        });
        await using HtmlRenderer renderer = new(context.RequestServices, loggers);
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            HtmlRootComponent root = await renderer.RenderComponentAsync<PageRoot>(parameters);
            return root.ToHtmlString();
        });
        await context.Response.WriteAsync(html, context.RequestAborted);
    }

    private PageFrame Frame(PageModel model, CultureInfo culture) => new()
    {
        Title = model.Title,
        ServerName = server.DisplayName,
        Language = culture.Name,
        Logo = branding.LogoUrl,
        Home = branding.HomeUrl,
        Footer = [.. Links()],
        Navigation = model.Navigation,
        Fault = model.Fault,
        Notice = model.Notice,
        Style = theme.Style,
        Script = model.Script,
        Hidden = model.Hidden,
    };

    private IEnumerable<PageLink> Links()
    {
        (string Text, Uri? Address)[] links = [("Privacy", branding.PrivacyPolicyUrl), ("Terms of service", branding.TermsOfServiceUrl), ("Help", branding.SupportUrl)];
        return links.Where(link => link.Address is not null).Select(link => new PageLink(link.Text, link.Address!.AbsoluteUri));
    }

    private void SetHeaders(IHeaderDictionary headers, string? script)
    {
        // Neither form-action nor upgrade-insecure-requests: both would reach for the redirect to the client that answers the last form.
        string scripts = script is null ? "" : $"script-src '{PageTheme.HashOf(script)}'; ";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; {scripts}style-src 'self' '{theme.StyleHash}'; img-src 'self' data: https:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.Remove("Access-Control-Allow-Origin");
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.XXSSProtection = "0";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "otp-credentials=*, document-domain=()";
        if (server.PublicOrigin.StartsWith("https:", StringComparison.Ordinal))
        {
            headers.StrictTransportSecurity = "max-age=63072000";
        }
    }
}
