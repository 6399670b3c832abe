namespace Pds.Application.Settings;

/// <summary>The AppView, and how other services are spoken to.</summary>
public sealed class ProxyingSettings
{
    /// <summary>The AppView, which answers what this server does not: timelines, profiles, search; needs <see cref="AppViewDid"/>. Default: none.</summary>
    [Variable("PDS_BSKY_APP_VIEW_URL")]
    public Uri? AppViewUrl { get; set; }

    /// <summary>DID of the AppView; needs <see cref="AppViewUrl"/>. Default: none.</summary>
    [Variable("PDS_BSKY_APP_VIEW_DID", Pair = nameof(AppViewUrl))]
    public string? AppViewDid { get; set; }

    /// <summary>
    /// Where the AppView serves pictures: a URL with three <c>%s</c> for preset, DID and CID. Default: none, and pictures that the AppView
    /// does not know yet are linked at this server.
    /// </summary>
    [Variable("PDS_BSKY_APP_VIEW_CDN_URL_PATTERN")]
    public string? AppViewCdnUrlPattern { get; set; }

    /// <summary>Whether other services may be spoken to over HTTP/2. Default <see langword="false"/>.</summary>
    [Variable("PDS_PROXY_ALLOW_HTTP2")]
    public bool AllowHttp2 { get; set; }

    /// <summary>How long another service may take to begin its answer. Default 10 seconds.</summary>
    [Variable("PDS_PROXY_HEADERS_TIMEOUT")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the body of another service's answer may stand still. Default 30 seconds.</summary>
    [Variable("PDS_PROXY_BODY_TIMEOUT")]
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer of another service in bytes as it comes off the wire, 1 or more. Default 10,485,760.</summary>
    [Variable("PDS_PROXY_MAX_RESPONSE_SIZE")]
    public long MaxResponseSize { get; set; } = 10_485_760;

    /// <summary>How often a query is sent again when the connection to the other service broke, 0 to 10. Default 0.</summary>
    [Variable("PDS_PROXY_MAX_RETRIES")]
    public int MaxRetries { get; set; }

    /// <summary>Whether answers that this server has to look into are asked for compressed. Default <see langword="false"/>: that costs time.</summary>
    [Variable("PDS_PROXY_PREFER_COMPRESSED")]
    public bool PreferCompressed { get; set; }

    /// <summary>Whether tokens for other services name the service (<c>did#service</c>) as their audience. Default <see langword="false"/>: its DID alone, which is what services expect today.</summary>
    public bool FullServiceAudience { get; set; }
}
