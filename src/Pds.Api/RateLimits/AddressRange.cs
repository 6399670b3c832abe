using System.Net;

namespace Pds.Api.RateLimits;

/// <summary>Addresses as operators write them: one (<c>192.0.2.1</c>) or a network of them (<c>192.0.2.0/24</c>).</summary>
internal static class AddressRange
{
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPNetwork.TryParse(text, out network))
        {
            return true;
        }

        bool isAddress = IPAddress.TryParse(text, out IPAddress? address);
        network = isAddress ? new IPNetwork(address!, address!.GetAddressBytes().Length * 8) : default;
        return isAddress;
    }

    /// <exception cref="FormatException">It is neither.</exception>
    public static IPNetwork Parse(string text) => TryParse(text, out IPNetwork network) ? network : throw new FormatException("Neither an address nor a network.");
}
