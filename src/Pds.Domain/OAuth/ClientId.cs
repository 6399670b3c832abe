using System.Diagnostics.CodeAnalysis;

namespace Pds.Domain.OAuth;

/// <summary>The two forms of client ids: the address of a metadata document, and <c>http://localhost</c> for development.</summary>
public static class ClientId
{
    private const string Loopback = "http://localhost";

    /// <summary>Whether a text starts like a loopback client's.</summary>
    public static bool IsLoopback(string clientId) =>
        clientId.StartsWith(Loopback, StringComparison.Ordinal) && (clientId.Length == Loopback.Length || clientId[Loopback.Length] is '/' or '?');

    /// <summary>The metadata that a loopback client's text stands for; <see langword="null"/> when it breaks a rule.</summary>
    public static ClientMetadata? DescribeLoopback(string clientId)
    {
        if (!IsLoopback(clientId) || clientId.Contains('#', StringComparison.Ordinal))
        {
            return null;
        }

        string rest = clientId[Loopback.Length..];
        rest = rest.StartsWith('/') ? rest[1..] : rest;
        if (rest.Length > 0 && rest[0] != '?')
        {
            return null;
        }

        List<string> redirects = [];
        string? scope = null;
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
                case "scope" when scope is null && ScopeSet.Split(value) is not null:
                    scope = value;
                    break;
                default:
                    return null;
            }
        }

        IReadOnlyList<string> tokens = ScopeSet.Split(scope) ?? [StaticScope.Atproto];
        return tokens.Contains(StaticScope.Atproto)
            ? new ClientMetadata
            {
                ClientId = clientId,
                Scope = tokens,
                RedirectUris = redirects.Count > 0 ? redirects : ["http://127.0.0.1/", "http://[::1]/"],
                AllowsRefresh = true,
                IsLoopback = true,
                Name = "Development client",
            }
            : null;
    }

    /// <summary>Reads the address of a metadata document.</summary>
    /// <param name="clientId">The text, which must be as a parser would write it.</param>
    /// <param name="isDevelopment">Whether documents on loopback addresses over http will do, too.</param>
    /// <param name="address">The address.</param>
    public static bool TryParseDocument(string clientId, bool isDevelopment, [NotNullWhen(true)] out Uri? address)
    {
        if (!System.Uri.TryCreate(clientId, UriKind.Absolute, out address) || address.AbsoluteUri != clientId || address.UserInfo.Length > 0
            || clientId.Contains('#', StringComparison.Ordinal) || address.AbsolutePath.EndsWith('/'))
        {
            return false;
        }

        return address.Scheme == System.Uri.UriSchemeHttps
            ? address.IsDefaultPort && !HostRules.IsAddress(address) && !HostRules.IsLocal(address.Host) && !HostRules.IsForbidden(address.Host)
            : isDevelopment && address.Scheme == System.Uri.UriSchemeHttp && HostRules.IsLoopbackAddress(address);
    }

    private static bool IsLoopbackRedirect(string text) =>
        System.Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == System.Uri.UriSchemeHttp && HostRules.IsLoopbackAddress(uri)
        && RedirectUri.FaultOf(text, client: null, isNative: true) is null;
}
