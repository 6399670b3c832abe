using System.Diagnostics.CodeAnalysis;

namespace Pds.Domain.OAuth;

/// <summary>The two forms of client ids: the address of a metadata document, and <c>http://localhost</c> for development.</summary>
public static class ClientId
{
    /// <summary>Most characters of one: it is kept with every request and every session.</summary>
    internal const int MaxLength = 8192;

    private const string Loopback = "http://localhost";

    private static readonly string TooLong = $"The client_id must have {MaxLength} characters or less";

    /// <summary>Whether a text starts like a loopback client's.</summary>
    public static bool IsLoopback(string clientId) =>
        clientId.StartsWith(Loopback, StringComparison.Ordinal) && (clientId.Length == Loopback.Length || clientId[Loopback.Length] is '/' or '?');

    /// <summary>The metadata that a loopback client's text stands for; <see langword="null"/> when it breaks a rule.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="fault">The rule that it breaks, for developers; <see langword="null"/> for none.</param>
    public static ClientMetadata? DescribeLoopback(string clientId, out string? fault)
    {
        List<string> redirects = [];
        string? scope = null;
        fault = FaultOfLoopback(clientId, redirects, ref scope);
        return fault is not null ? null : new ClientMetadata
        {
            ClientId = clientId,
            Scope = ScopeSet.Split(scope) ?? [StaticScope.Atproto],
            RedirectUris = redirects.Count > 0 ? redirects : ["http://127.0.0.1/", "http://[::1]/"],
            AllowsRefresh = true,
            IsLoopback = true,
            Name = "Development client",
        };
    }

    /// <summary>Reads the address of a metadata document.</summary>
    /// <param name="clientId">The text, which must be as a parser would write it.</param>
    /// <param name="isDevelopment">Whether documents on loopback addresses over http will do, too.</param>
    /// <param name="address">The address.</param>
    /// <param name="fault">The rule that the text breaks, for developers; <see langword="null"/> for none.</param>
    public static bool TryParseDocument(string clientId, bool isDevelopment, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? fault)
    {
        fault = System.Uri.TryCreate(clientId, UriKind.Absolute, out address) ? FaultOfDocument(clientId, address, isDevelopment) : "The client_id is not a URL";
        return fault is null;
    }

    private static string? FaultOfDocument(string clientId, Uri address, bool isDevelopment)
    {
        bool isLocal = isDevelopment && address.Scheme == System.Uri.UriSchemeHttp && HostRules.IsLoopbackAddress(address);
        return clientId.Length > MaxLength ? TooLong
            : address.Scheme != System.Uri.UriSchemeHttps && !isLocal ? "The client_id must be an https URL, or http://localhost for development"
            : address.UserInfo.Length > 0 ? "The client_id must not have credentials"
            : clientId.Contains('#', StringComparison.Ordinal) ? "The client_id must not have a fragment"
            : address.AbsolutePath.EndsWith('/') ? "The client_id must have a path that does not end in a slash"
            : address.AbsoluteUri != clientId ? "The client_id must be written in its normal form"
            : isLocal ? null
            : HostRules.IsAddress(address) ? "The client_id must name a host, not an IP address"
            : HostRules.IsLocal(address.Host) || HostRules.IsForbidden(address.Host) ? "The client_id must be on a public host"
            : address.IsDefaultPort ? null
            : "The client_id must use the default port";
    }

    private static string? FaultOfLoopback(string clientId, List<string> redirects, ref string? scope)
    {
        if (!IsLoopback(clientId) || clientId.Contains('#', StringComparison.Ordinal))
        {
            return "The client_id of a loopback client must be http://localhost without a fragment";
        }

        if (clientId.Length > MaxLength)
        {
            return TooLong;
        }

        string rest = clientId[Loopback.Length..];
        rest = rest.StartsWith('/') ? rest[1..] : rest;
        if (rest.Length > 0 && rest[0] != '?')
        {
            return "The client_id of a loopback client must not have a path";
        }

        foreach (string pair in rest.Length == 0 ? [] : rest[1..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            string value = equals < 0 ? "" : System.Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' '));
            switch (name)
            {
                case "redirect_uri" when IsLoopbackRedirect(value):
                    redirects.Add(value);
                    break;
                case "redirect_uri":
                    return "The redirect_uri of a loopback client must be on http://127.0.0.1 or http://[::1]";
                case "scope" when scope is null && ScopeSet.Split(value) is { } tokens && tokens.Contains(StaticScope.Atproto):
                    scope = value;
                    break;
                case "scope":
                    return "The scope of a loopback client must be given once, be well-formed and contain atproto";
                default:
                    return "The client_id of a loopback client may have the parameters redirect_uri and scope only";
            }
        }

        return null;
    }

    private static bool IsLoopbackRedirect(string text) =>
        System.Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == System.Uri.UriSchemeHttp && HostRules.IsLoopbackAddress(uri)
        && RedirectUri.FaultOf(text, client: null, isNative: true) is null;
}
