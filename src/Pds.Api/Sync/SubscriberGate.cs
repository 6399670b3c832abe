using System.Net;
using System.Net.Sockets;
using Pds.Application.DependencyInjection;

namespace Pds.Api.Sync;

/// <summary>Counts the event streams of each address, so that nobody takes all sockets.</summary>
/// <remarks>
/// An IPv6 address counts as its network of 64 bits, which is what one subscriber has. Loopback is not counted: it is the operator's own, or a proxy
/// that does not tell whom it speaks for.
/// </remarks>
/// <param name="options">The limit.</param>
internal sealed class SubscriberGate(PdsOptions options)
{
    private const int NetworkBytes = 8;

    private readonly Dictionary<IPAddress, int> _open = [];

    /// <summary>Lets a subscriber in until the result is disposed of.</summary>
    /// <returns><see langword="null"/> when the address has as many streams open as it may.</returns>
    public IDisposable? TryEnter(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address))
        {
            return new Pass(this, null);
        }

        IPAddress network = NetworkOf(address);
        lock (_open)
        {
            int open = _open.GetValueOrDefault(network);
            if (open >= options.MaxSubscribersPerAddress)
            {
                return null;
            }

            _open[network] = open + 1;
        }

        return new Pass(this, network);
    }

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private void Leave(IPAddress network)
    {
        lock (_open)
        {
            int left = _open[network] - 1;
            if (left == 0)
            {
                _open.Remove(network);
            }
            else
            {
                _open[network] = left;
            }
        }
    }

    private sealed class Pass(SubscriberGate gate, IPAddress? network) : IDisposable
    {
        private IPAddress? _network = network;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _network, null) is { } left)
            {
                gate.Leave(left);
            }
        }
    }
}
