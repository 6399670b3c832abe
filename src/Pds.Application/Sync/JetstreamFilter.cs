using System.Collections.Frozen;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Sync;

/// <summary>What a subscriber of the JSON stream wants to hear. Immutable.</summary>
public sealed class JetstreamFilter
{
    /// <summary>Most collections and prefixes that may be named.</summary>
    public const int MaxCollections = 100;

    /// <summary>Most accounts that may be named.</summary>
    public const int MaxDids = 10_000;

    private const string AnySuffix = ".*";

    private readonly FrozenSet<string> _collections;
    private readonly string[] _prefixes;
    private readonly FrozenSet<string> _dids;
    private readonly long _maxBytes;

    private JetstreamFilter(FrozenSet<string> collections, string[] prefixes, FrozenSet<string> dids, long maxBytes)
    {
        _collections = collections;
        _prefixes = prefixes;
        _dids = dids;
        _maxBytes = maxBytes;
    }

    /// <summary>Reads a subscriber's wishes.</summary>
    /// <param name="collections">NSIDs, or their beginnings with <c>.*</c> behind; none for all.</param>
    /// <param name="dids">Accounts; none for all.</param>
    /// <param name="maxMessageBytes">Messages that are longer are left out; 0 or less for no limit.</param>
    /// <exception cref="XrpcException">InvalidRequest: something is no collection or DID, or there are too many.</exception>
    public static JetstreamFilter Create(IEnumerable<string?> collections, IEnumerable<string?> dids, long maxMessageBytes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var prefixes = new HashSet<string>(StringComparer.Ordinal);
        foreach (string? wanted in collections)
        {
            if (wanted?.EndsWith(AnySuffix, StringComparison.Ordinal) is true)
            {
                prefixes.Add(wanted[..^1]);
            }
            else
            {
                names.Add(Nsid.TryParse(wanted, out Nsid collection) ? collection.ToString() : throw Refusal($"wantedCollections: not a collection: {wanted}"));
            }

            Require(names.Count + prefixes.Count <= MaxCollections, $"wantedCollections: more than {MaxCollections}");
        }

        var accounts = new HashSet<string>(StringComparer.Ordinal);
        foreach (string? wanted in dids)
        {
            accounts.Add(Did.TryParse(wanted, out Did did) ? did.ToString() : throw Refusal($"wantedDids: not a DID: {wanted}"));
            Require(accounts.Count <= MaxDids, $"wantedDids: more than {MaxDids}");
        }

        return new JetstreamFilter(
            names.ToFrozenSet(StringComparer.Ordinal), [.. prefixes], accounts.ToFrozenSet(StringComparer.Ordinal), Math.Max(0, maxMessageBytes));
    }

    /// <summary>Whether a message is to be sent. Messages that are not about a record do not ask for a collection.</summary>
    public bool Wants(JetstreamMessage message) =>
        WantsCollection(message.Collection)
        && (_dids.Count == 0 || _dids.Contains(message.Did))
        && (_maxBytes == 0 || message.Json.Length <= _maxBytes);

    private bool WantsCollection(string? collection) =>
        collection is null
        || (_collections.Count == 0 && _prefixes.Length == 0)
        || _collections.Contains(collection)
        || Array.Exists(_prefixes, prefix => collection.StartsWith(prefix, StringComparison.Ordinal));

    private static void Require(bool isMet, string fault)
    {
        if (!isMet)
        {
            throw Refusal(fault);
        }
    }

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);
}
