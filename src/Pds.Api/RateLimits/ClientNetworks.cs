using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pds.Application.Settings;

namespace Pds.Api.RateLimits;

/// <summary>Tells the clients of shares apart by address: an IPv4 address, or a network of IPv6 (/64), which is what one client has.</summary>
/// <remarks>
/// Addresses inside the operator's own network have no share: one of them that is left after <c>X-Forwarded-For</c> was read is the operator's, or a
/// proxy that does not tell whom it speaks for, and then it is everybody.
/// </remarks>
internal sealed class ClientNetworks(RateLimitSettings options)
{
    /// <summary>Loopback, link-local and private networks: proxies in them are believed.</summary>
    public static readonly IPNetwork[] Internal =
    [
        .. new[] { "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fe80::/10", "fc00::/7" }.Select(IPNetwork.Parse),
    ];

    private const int AddressBits = 128;
    private const int AddressBytes = AddressBits / 8;
    private const int MappedBits = 96;
    private const ulong MappedPrefix = 0xFFFF_0000_0000;
    private static readonly UInt128 NetworkMask = UInt128.MaxValue << 64;

    private readonly (UInt128 Base, UInt128 Mask)[] _exempt = [.. Internal.Concat(options.BypassIps.Select(AddressRange.Parse)).Select(Describe)];

    /// <summary>The network of a client, as a number; 0 for one without a share.</summary>
    public UInt128 Find(IPAddress? address)
    {
        if (address is null)
        {
            return UInt128.Zero;
        }

        UInt128 number = ToNumber(address);
        foreach ((UInt128 start, UInt128 mask) in _exempt)
        {
            if ((number & mask) == start)
            {
                return UInt128.Zero;
            }
        }

        return number >> 32 == MappedPrefix >> 32 ? number : number & NetworkMask;
    }

    private static (UInt128 Base, UInt128 Mask) Describe(IPNetwork network)
    {
        int length = network.PrefixLength + (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MappedBits : 0);
        UInt128 mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (AddressBits - length);
        return (ToNumber(network.BaseAddress) & mask, mask);
    }

    /// <summary>Addresses of both families in one space, IPv4 as <c>::ffff:0:0/96</c>.</summary>
    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[AddressBytes];
        address.TryWriteBytes(bytes, out int written);
        return written == AddressBytes ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
