namespace Pds.Application.Settings;

/// <summary>Counting of requests by account and address.</summary>
public sealed class RateLimitSettings
{
    /// <summary>Whether requests are counted and refused when there are too many. Default <see langword="false"/>.</summary>
    [Variable("PDS_RATE_LIMITS_ENABLED")]
    public bool Enabled { get; set; }

    /// <summary>Requests whose header <c>x-ratelimit-bypass</c> has this value are not counted. Default: none.</summary>
    [Variable("PDS_RATE_LIMIT_BYPASS_KEY")]
    public string? BypassKey { get; set; }

    /// <summary>Addresses (<c>192.0.2.1</c>) and networks (<c>192.0.2.0/24</c>) whose requests are not counted; <c>pds serve</c> also believes what they say about a client's address. Default: none.</summary>
    [Variable("PDS_RATE_LIMIT_BYPASS_IPS")]
    public IList<string> BypassIps { get; } = [];
}
