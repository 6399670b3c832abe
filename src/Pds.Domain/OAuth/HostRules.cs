using System.Net;

namespace Pds.Domain.OAuth;

/// <summary>What hosts of clients may be called.</summary>
internal static class HostRules
{
    private static readonly string[] LocalDomains = ["test", "local", "localhost", "invalid", "example"];
    private static readonly string[] Forbidden = ["example.com", "example.org", "example.net", "googleusercontent.com"];

    /// <summary>Whether a name cannot be one of the public internet's.</summary>
    public static bool IsLocal(string host) => !host.Contains('.', StringComparison.Ordinal) || Array.Exists(LocalDomains, domain => host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a name is one that anybody can put documents under, or that stands for no one.</summary>
    public static bool IsForbidden(string host) => Array.Exists(
        Forbidden, domain => host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));

    public static bool IsAddress(Uri uri) => uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6;

    /// <summary>Whether the host is one of the two loopback addresses that clients may name.</summary>
    public static bool IsLoopbackAddress(Uri uri) =>
        uri.Host == "127.0.0.1" || (uri.HostNameType == UriHostNameType.IPv6 && IPAddress.TryParse(uri.Host, out IPAddress? address) && address.Equals(IPAddress.IPv6Loopback));
}
