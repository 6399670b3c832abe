using System.Net;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Pipeline;
using Pds.Application.Server;
using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.Infrastructure.Accounts;

namespace Pds.Api.Server;

/// <summary>The few pages for people and robots who find the server in a browser.</summary>
/// <param name="options">Whether this is a server for development.</param>
/// <param name="mailbox">What the server would have mailed.</param>
internal sealed class LandingController(ServerSettings options, DevelopmentMailbox mailbox) : ControllerBase
{
    /// <summary>An application that embeds the server keeps its own pages of these names.</summary>
    private const int YieldToHost = 1;

    private const string Robots = """
        # Public data may be read by anybody; pages for people are not to be indexed.
        User-agent: *
        Disallow: /account
        Disallow: /oauth
        Allow: /

        """;

    /// <summary>Says what this is.</summary>
    [HttpGet("/", Order = YieldToHost)]
    public IActionResult Home() => options.DevMode ? Html("Welcome", DevelopmentHome(options)) : Content(Banner(options), "text/plain; charset=utf-8");

    /// <summary>What robots may read.</summary>
    [HttpGet("/robots.txt", Order = YieldToHost)]
    public IActionResult RobotsText() => Content(Robots, "text/plain; charset=utf-8");

    /// <summary>Mails that a server for development did not send.</summary>
    [HttpGet("/dev/mailbox")]
    public IActionResult Mailbox()
    {
        if (!options.DevMode)
        {
            return NotFound();
        }

        IEnumerable<string> mails = mailbox.Mails.Select(received =>
            $"<article><h2>{Encode(received.Mail.Subject)}</h2><p>to {Encode(received.Mail.To)}, {received.At:yyyy-MM-dd HH:mm:ss} UTC</p><pre>{Encode(received.Mail.Text)}</pre></article>");
        return Html("Mailbox", mailbox.Mails.Count == 0 ? "<p>No mail yet. Reload after something should have been mailed.</p>" : string.Concat(mails));
    }

    private static string Banner(ServerSettings settings) => $"""
        This is an AT Protocol Personal Data Server (PDS): {settings.DisplayName}

        Most API routes are under /xrpc/

           Protocol: https://atproto.com

        """;

    private static string DevelopmentHome(ServerSettings settings) => $"""
        <p>This is an AT Protocol Personal Data Server, running for development as <code>{Encode(settings.ServiceIdentity.ToString())}</code>.</p>
        <h2>Make an account</h2>
        <pre>{Encode(FirstAccount.Command(settings))}</pre>
        <p>The answer holds an <code>accessJwt</code>: send it as <code>Authorization: Bearer …</code> to write records.</p>
        <h2>Look around</h2>
        <ul>
          <li><a href="xrpc/{XrpcMethodAttribute.NsidOf<DescribeServerQuery>()}">describeServer</a>: what this server offers</li>
          <li><a href="xrpc/{XrpcMethodAttribute.NsidOf<ListReposQuery>()}">listRepos</a>: the accounts it holds</li>
          <li><a href="xrpc/{XrpcMethodAttribute.NsidOf<GetHealthQuery>()}">{XrpcMethodAttribute.NsidOf<GetHealthQuery>()}</a>: whether it works</li>
          <li><a href="dev/mailbox">Mailbox</a>: mails it would have sent</li>
        </ul>
        <h2>Operate</h2>
        <p>The admin password was printed at start; it is kept in <code>dev-settings.json</code> of the data directory. Set <code>PDS_HOSTNAME</code> and the other <code>PDS_*</code> variables for a public server.</p>
        """;

    private ContentResult Html(string title, string body)
    {
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        Response.Headers.XContentTypeOptions = "nosniff";
        return Content($$"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{title}} - PDS</title>
            <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}pre{overflow:auto;padding:.8rem;background:#8882;border-radius:.3rem}article{border-top:1px solid #8886}</style></head>
            <body><main><h1>{{title}}</h1>
            {{body}}
            </main></body>
            </html>
            """, "text/html; charset=utf-8");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
