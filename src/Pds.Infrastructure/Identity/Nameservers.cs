using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Pds.Infrastructure.Identity;

/// <summary>Which name servers to ask.</summary>
internal static class Nameservers
{
    private const int Port = 53;
    private const string ResolvConf = "/etc/resolv.conf";

    /// <summary>Those of the operating system, in its order. Read anew each time, since networks change.</summary>
    public static IReadOnlyList<IPEndPoint> OfSystem()
    {
        try
        {
            return File.Exists(ResolvConf) ? ParseResolvConf(File.ReadLines(ResolvConf)) : OfNetworkInterfaces();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NetworkInformationException)
        {
            return [];
        }
    }

    /// <summary>The <c>nameserver</c> lines of a resolv.conf; the local host when there are none, as the C library has it.</summary>
    public static IReadOnlyList<IPEndPoint> ParseResolvConf(IEnumerable<string> lines)
    {
        List<IPEndPoint> servers = [];
        foreach (string line in lines)
        {
            string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", string address, ..] && IPAddress.TryParse(address, out IPAddress? parsed))
            {
                servers.Add(new(parsed, Port));
            }
        }

        return servers.Count > 0 ? servers : [new(IPAddress.Loopback, Port)];
    }

    /// <summary>Those that an operator named: addresses, <c>address:port</c> or host names, port 53 unless given. Names that do not resolve are left out.</summary>
    public static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(IEnumerable<string> configured, CancellationToken cancellationToken)
    {
        List<IPEndPoint> servers = [];
        foreach (string entry in configured)
        {
            if (IPEndPoint.TryParse(entry, out IPEndPoint? endpoint))
            {
                servers.Add(endpoint.Port == 0 ? new(endpoint.Address, Port) : endpoint);
            }
            else
            {
                servers.AddRange((await LookUpAsync(entry, cancellationToken)).Select(found => new IPEndPoint(found, Port)));
            }
        }

        return servers;
    }

    private static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static List<IPEndPoint> OfNetworkInterfaces() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().DnsAddresses)
            .Distinct()
            .Select(address => new IPEndPoint(address, Port))];
}
