using System.Net;
using System.Net.Sockets;

namespace Pds.Infrastructure.Http;

/// <summary>Tells addresses of the public internet from those that lead inside somebody's network.</summary>
/// <remarks>
/// IPv6 is judged by what is allowed (global unicast, 2000::/3) less what is set aside there, so a range assigned later stays refused.
/// Addresses that embed an IPv4 address by translation (::ffff:0:0/96, 64:ff9b::/96) are judged by that one; 6to4 and Teredo are refused.
/// <para>Source: <see href="https://www.iana.org/assignments/iana-ipv4-special-registry"/> and <see href="https://www.iana.org/assignments/iana-ipv6-special-registry"/></para>
/// </remarks>
internal static class PublicAddress
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),       // this network, unspecified
        IPNetwork.Parse("10.0.0.0/8"),      // private
        IPNetwork.Parse("100.64.0.0/10"),   // carrier-grade NAT
        IPNetwork.Parse("127.0.0.0/8"),     // loopback
        IPNetwork.Parse("169.254.0.0/16"),  // link-local, cloud metadata
        IPNetwork.Parse("172.16.0.0/12"),   // private
        IPNetwork.Parse("192.0.0.0/24"),    // IETF protocol assignments
        IPNetwork.Parse("192.0.2.0/24"),    // documentation
        IPNetwork.Parse("192.88.99.0/24"),  // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),  // private
        IPNetwork.Parse("198.18.0.0/15"),   // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"),  // documentation
        IPNetwork.Parse("224.0.0.0/4"),     // multicast
        IPNetwork.Parse("240.0.0.0/4"),     // reserved, broadcast
    ];

    private static readonly IPNetwork GlobalUnicastV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork[] SpecialV6 =
    [
        IPNetwork.Parse("2001::/23"),       // IETF protocol assignments: Teredo, ORCHID, benchmarks
        IPNetwork.Parse("2001:db8::/32"),   // documentation
        IPNetwork.Parse("2002::/16"),       // 6to4
        IPNetwork.Parse("3fff::/20"),       // documentation
    ];

    /// <summary>Whether an address is unicast and reachable through the public internet only.</summary>
    public static bool IsPublicUnicast(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(SpecialV4, network => network.Contains(address));
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublicUnicast(address.MapToIPv4());
        }

        if (Nat64.Contains(address))
        {
            return IsPublicUnicast(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        return GlobalUnicastV6.Contains(address) && !Array.Exists(SpecialV6, network => network.Contains(address));
    }
}
