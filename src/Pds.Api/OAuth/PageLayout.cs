using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;

namespace Pds.Api.OAuth;

/// <summary>The frame of every page, its style sheet, and the headers that keep it from being framed, scripted or stored (spec 07 §13).</summary>
internal sealed class PageLayout
{
    private const string DefaultColor = "#1a5fd0";

    private readonly PdsOptions _options;
    private readonly string _style;
    private readonly string _policy;

    public PageLayout(IOptions<PdsOptions> options)
    {
        _options = options.Value;
        _style = Style(_options.PrimaryColor ?? DefaultColor);

        // Neither form-action nor upgrade-insecure-requests: both would reach for the redirect to the client that answers the last form.
        _policy = $"default-src 'none'; style-src '{HashOf(_style)}'; img-src data: https:; base-uri 'none'; frame-ancestors 'none'";
    }

    /// <summary>Name of the server.</summary>
    public string ServerName => _options.ServiceName ?? $"{_options.Hostname} PDS";

    /// <summary>Whether browsers come over https.</summary>
    public bool IsSecure => _options.PublicOrigin.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>Answers with a page.</summary>
    public async Task WriteAsync(HttpContext context, int status, string title, Html body)
    {
        IHeaderDictionary headers = context.Response.Headers;
        SetHeaders(headers);
        headers.ContentSecurityPolicy = _policy;
        await WriteAsync(context, status, Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{title} - {ServerName}</title>
            <style>{new Html(_style)}</style></head>
            <body><main>
            <header>{Logo()}<p>{ServerName}</p></header>
            <h1>{title}</h1>
            {body}
            </main>{Support()}</body>
            </html>
            """));
    }

    /// <summary>Answers with a form that the browser posts to another site by itself; with a button, where scripts are off.</summary>
    public async Task WritePostAsync(HttpContext context, string address, IEnumerable<KeyValuePair<string, string>> fields)
    {
        const string Script = "document.forms[0].submit()";
        IHeaderDictionary headers = context.Response.Headers;
        SetHeaders(headers);
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src '{HashOf(Script)}'; base-uri 'none'; frame-ancestors 'none'";
        await WriteAsync(context, StatusCodes.Status200OK, Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>Going back</title></head>
            <body><form method="post" action="{address}">{Html.Join(fields.Select(field => Hidden(field.Key, field.Value)))}<noscript><p>You are done here.</p><button>Go back to the application</button></noscript></form><script>{new Html(Script)}</script></body>
            </html>
            """));
    }

    /// <summary>A field of a form that is not shown.</summary>
    public static Html Hidden(string name, string value) => Html.Of($"""<input type="hidden" name="{name}" value="{value}">""");

    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static async Task WriteAsync(HttpContext context, int status, Html page)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(page.Text, context.RequestAborted);
        }
    }

    private static string Style(string color) => $$$"""
        :root{color-scheme:light dark;--accent:{{{color}}};--ink:#16181d;--soft:#5a6070;--page:#f3f4f7;--card:#fff;--line:#cfd3dc;--warn:#8a4b00;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--ink:#eceef3;--soft:#a5acbb;--page:#101217;--card:#1a1d24;--line:#3b404c;--warn:#f0b35a;--bad:#ff8a80}}
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        main{max-width:28rem;margin:0 auto;padding:1.5rem;background:var(--card)}
        @media(min-width:32rem){main{margin:3rem auto;border:1px solid var(--line);border-radius:.75rem}}
        header{display:flex;gap:.75rem;align-items:center;color:var(--soft)}header p{margin:0}header img{max-height:2.5rem;max-width:8rem}
        h1{font-size:1.4rem;line-height:1.25;margin:1rem 0}
        label{display:block;margin:1rem 0 .25rem;font-weight:600}label.check{font-weight:400;display:flex;gap:.5rem;align-items:baseline}
        input:not([type=checkbox]){width:100%;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:.5rem;padding:.6rem .75rem}
        button,a.button{display:block;width:100%;margin-top:.75rem;padding:.7rem 1rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;color:inherit;background:transparent;border:1px solid var(--line);border-radius:.5rem;cursor:pointer}
        button.main{margin-top:1.25rem;color:#fff;background:var(--accent);border-color:var(--accent)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        ul{padding-left:1.2rem}li{margin:.4rem 0}code{font-size:.9em}
        .soft,footer{color:var(--soft)}.warn{color:var(--warn)}.bad{color:var(--bad);border-left:.25rem solid var(--bad);padding-left:.75rem}
        footer{max-width:28rem;margin:0 auto;padding:0 1.5rem 1.5rem}footer a{color:inherit}
        """;

    private void SetHeaders(IHeaderDictionary headers)
    {
        headers.Remove("Access-Control-Allow-Origin");
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.XXSSProtection = "0";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "otp-credentials=*, document-domain=()";
        if (IsSecure)
        {
            headers.StrictTransportSecurity = "max-age=63072000";
        }
    }

    private Html Logo() => _options.LogoUrl is { } logo ? Html.Of($"""<img src="{logo.AbsoluteUri}" alt="">""") : Html.Empty;

    private Html Support() => _options.SupportUrl is { } support ? Html.Of($"""<footer><a href="{support.AbsoluteUri}">Help</a></footer>""") : Html.Empty;
}
