using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Counts wrong guesses at secrets, in memory and for a while, so that nobody can go on guessing.</summary>
/// <remarks>
/// What is guessed at and from where are counted together, so that a stranger cannot lock the owner out. When more is counted than there is
/// room for, what failed longest ago is forgotten first.
/// </remarks>
internal sealed class WrongAttempts(IOptions<AccountOptions> options, TimeProvider time)
{
    /// <summary>Most pairs that are remembered.</summary>
    internal const int Capacity = 20_000;

    private const int NetworkBytes = 8;
    private readonly Lock _gate = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byTime = new();

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
        lock (_gate)
        {
            if (_entries.TryGetValue(KeyOf(subject, address), out LinkedListNode<Entry>? node) && IsCurrent(node.Value) && node.Value.Wrong >= limit)
            {
                throw new XrpcException(RequestErrors.RateLimitExceeded, "Too many wrong attempts. Try again later.");
            }
        }
    }

    /// <summary>Counts a wrong guess.</summary>
    /// <returns>How many there were lately.</returns>
    public int Add(string subject, IPAddress? address)
    {
        Key key = KeyOf(subject, address);
        lock (_gate)
        {
            int wrong = 1;
            if (_entries.Remove(key, out LinkedListNode<Entry>? known))
            {
                wrong += IsCurrent(known.Value) ? known.Value.Wrong : 0;
                _byTime.Remove(known);
            }

            while (_byTime.First is { } oldest && (_entries.Count >= Capacity || !IsCurrent(oldest.Value)))
            {
                _entries.Remove(oldest.Value.Key);
                _byTime.RemoveFirst();
            }

            _entries[key] = _byTime.AddLast(new Entry(key, wrong, time.GetUtcNow()));
            return wrong;
        }
    }

    /// <summary>Forgets what went wrong.</summary>
    public void Forget(string subject, IPAddress? address)
    {
        lock (_gate)
        {
            if (_entries.Remove(KeyOf(subject, address), out LinkedListNode<Entry>? node))
            {
                _byTime.Remove(node);
            }
        }
    }

    /// <summary>Texts of any length come in, and passwords by mistake: their hash is as good. Of IPv6, the network counts: one house has all of it.</summary>
    private static Key KeyOf(string subject, IPAddress? address)
    {
        IPAddress? source = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        if (source is { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            byte[] network = source.GetAddressBytes();
            network.AsSpan(NetworkBytes).Clear();
            source = new IPAddress(network);
        }

        return new Key(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(subject))), source);
    }

    private bool IsCurrent(Entry entry) => time.GetUtcNow() - entry.At < options.Value.LockTime;

    private sealed record Key(string Subject, IPAddress? Source);

    private sealed record Entry(Key Key, int Wrong, DateTimeOffset At);
}
