using System.Net;
using System.Net.Sockets;
using Pds.Application.Settings;

namespace Pds.Api.Sync;

/// <summary>Counts the event streams, in all and of each address, so that nobody takes all sockets.</summary>
/// <remarks>
/// An IPv6 address counts as its network of 64 bits, which is what one subscriber has. Loopback counts only in all: it is the operator's own, or a proxy
/// that does not tell whom it speaks for.
/// </remarks>
/// <param name="options">The limit.</param>
internal sealed class SubscriberGate(FirehoseSettings options)
{
    private const int NetworkBytes = 8;

    private readonly Dictionary<IPAddress, int> _open = [];
    private int _all;

    /// <summary>Lets a subscriber in until the result is disposed of.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="isFull">Whether it is refused because there are as many streams in all as there may be.</param>
    /// <returns><see langword="null"/> when it is refused.</returns>
    public IDisposable? TryEnter(IPAddress? address, out bool isFull)
    {
        IPAddress? network = address is null || IPAddress.IsLoopback(address) ? null : NetworkOf(address);
        lock (_open)
        {
            isFull = _all >= options.MaxSubscribers;
            int open = network is null ? 0 : _open.GetValueOrDefault(network);
            if (isFull || (network is not null && open >= options.MaxSubscribersPerAddress))
            {
                return null;
            }

            _all++;
            if (network is not null)
            {
                _open[network] = open + 1;
            }
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

    private void Leave(IPAddress? network)
    {
        lock (_open)
        {
            _all--;
            if (network is null)
            {
                return;
            }

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
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave(network);
            }
        }
    }
}
