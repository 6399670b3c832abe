using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Counts wrong guesses at one kind of secret, in memory and for a while, so that nobody can go on guessing.</summary>
/// <remarks>
/// What is guessed at and from where are counted together, so that a stranger cannot lock the owner out. An address has room for so many names; when it is
/// used up, the address is refused for other names until the first ones are over, so nobody makes room by guessing at names. When all addresses together
/// use up the whole table, what is not locked is forgotten first, oldest first.
/// </remarks>
internal sealed class AttemptTable(TimeProvider time, Func<TimeSpan> lockTime, Func<int> roomOfAddress)
{
    /// <summary>Most pairs that are remembered.</summary>
    internal const int Capacity = 100_000;

    private const int NetworkBytes = 8;
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> _entries = [];
    private readonly Dictionary<IPAddress, int> _names = [];
    private readonly LinkedList<Entry> _open = new();
    private readonly LinkedList<Entry> _locked = new();

    /// <summary>How many pairs are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Requires that not too much went wrong. To be asked before a guess is judged, and once more after: others may have been under way.</summary>
    /// <param name="subject">What is guessed at.</param>
    /// <param name="address">From where; <see langword="null"/> for all that is not known.</param>
    /// <param name="limit">How many wrong guesses lock.</param>
    /// <exception cref="XrpcException">RateLimitExceeded.</exception>
    public void RequireOpen(string subject, IPAddress? address, int limit)
    {
        if (!IsOpen(subject, address, limit))
        {
            throw new XrpcException(RequestErrors.RateLimitExceeded, "Too many wrong attempts. Try again later.");
        }
    }

    /// <summary>Whether not too much went wrong, see <see cref="RequireOpen"/>.</summary>
    public bool IsOpen(string subject, IPAddress? address, int limit)
    {
        Key key = KeyOf(subject, address);
        lock (_gate)
        {
            Expire();
            return _entries.TryGetValue(key, out LinkedListNode<Entry>? node)
                ? node.Value.Wrong < limit
                : key.Source is not { } source || _names.GetValueOrDefault(source) < roomOfAddress();
        }
    }

    /// <summary>Counts a wrong guess.</summary>
    /// <param name="subject">What was guessed at.</param>
    /// <param name="address">From where; <see langword="null"/> for all that is not known.</param>
    /// <param name="limit">How many wrong guesses lock; a locked pair is not forgotten to make room.</param>
    /// <returns>How many there were lately.</returns>
    public int Add(string subject, IPAddress? address, int limit)
    {
        Key key = KeyOf(subject, address);
        lock (_gate)
        {
            Expire();
            int wrong = _entries.TryGetValue(key, out LinkedListNode<Entry>? known) ? known.Value.Wrong + 1 : 1;
            if (known is not null)
            {
                Remove(known);
            }

            while (_entries.Count >= Capacity)
            {
                Remove(_open.First ?? _locked.First!);
            }

            var entry = new Entry(key, wrong, time.GetUtcNow());
            _entries[key] = (wrong >= limit ? _locked : _open).AddLast(entry);
            if (key.Source is { } source)
            {
                _names[source] = _names.GetValueOrDefault(source) + 1;
            }

            return wrong;
        }
    }

    /// <summary>Forgets what went wrong.</summary>
    public void Forget(string subject, IPAddress? address)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(KeyOf(subject, address), out LinkedListNode<Entry>? node))
            {
                Remove(node);
            }
        }
    }

    /// <summary>Where requests come from, as it is counted. Of IPv6, the network counts: one house has all of it.</summary>
    public static IPAddress? SourceOf(IPAddress? address)
    {
        IPAddress? source = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        if (source is not { AddressFamily: AddressFamily.InterNetworkV6 } || IPAddress.IsLoopback(source))
        {
            return source;
        }

        byte[] network = source.GetAddressBytes();
        network.AsSpan(NetworkBytes).Clear();
        return new IPAddress(network);
    }

    /// <summary>Texts of any length come in, and passwords by mistake: their hash is as good.</summary>
    private static Key KeyOf(string subject, IPAddress? address) => new(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(subject))), SourceOf(address));

    private void Expire()
    {
        DateTimeOffset over = time.GetUtcNow() - lockTime();
        while (_open.First is { } node && node.Value.At <= over)
        {
            Remove(node);
        }

        while (_locked.First is { } node && node.Value.At <= over)
        {
            Remove(node);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        Key key = node.Value.Key;
        _entries.Remove(key);
        node.List!.Remove(node);
        if (key.Source is { } source && --_names[source] == 0)
        {
            _names.Remove(source);
        }
    }

    private sealed record Key(string Subject, IPAddress? Source);

    private sealed record Entry(Key Key, int Wrong, DateTimeOffset At);
}
