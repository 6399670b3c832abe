using Pds.Application.Lexicons;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Identity;

namespace Pds.Infrastructure.Lexicons;

/// <summary>Looks a lexicon up, past every cache of lexicons, in bounded time.</summary>
internal delegate Task<LexiconLookup> LexiconFetch(Nsid nsid, CancellationToken cancellationToken);

/// <summary>
/// Remembers lexicons, and that there is none, for five minutes. A lexicon that cannot be fetched anew stays in use for 90 days after the
/// last success, and is asked for again every five minutes.
/// </summary>
internal sealed class CachingLexiconResolver(LexiconFetch fetch, TimeProvider time) : ILexiconResolver
{
    /// <summary>Bytes of memory, estimated; what was used least recently goes first.</summary>
    public const int Capacity = 16 * 1024 * 1024;

    /// <summary>Bytes of an entry without a lexicon.</summary>
    private const int EntryWeight = 512;

    /// <summary>Bytes that a record and the document parsed from it take together, for each byte of the record.</summary>
    private const int RecordWeight = 16;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private readonly BoundedCache<Nsid, Entry> _cache = new(Capacity);
    private readonly SingleFlight<Nsid, LexiconLookup> _flights = new();

    /// <inheritdoc/>
    public async ValueTask<LexiconLookup> ResolveAsync(Nsid nsid, CancellationToken cancellationToken) =>
        _cache.TryGet(nsid, out Entry entry) && time.GetUtcNow() < entry.UpdatedAt + Fresh
            ? entry.Lookup
            : await _flights.RunAsync(nsid, () => RefreshAsync(nsid), cancellationToken);

    private async Task<LexiconLookup> RefreshAsync(Nsid nsid)
    {
        LexiconLookup lookup = await fetch(nsid, CancellationToken.None);
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset succeededAt = now;
        if (lookup.Lexicon is null && _cache.TryGet(nsid, out Entry old) && old.Lookup.Lexicon is not null && now < old.SucceededAt + Kept)
        {
            lookup = old.Lookup;
            succeededAt = old.SucceededAt;
        }

        _cache.Set(nsid, new Entry(lookup, now, succeededAt), EntryWeight + (RecordWeight * (lookup.Lexicon?.Record.Cbor.Length ?? 0)));
        return lookup;
    }

    private readonly record struct Entry(LexiconLookup Lookup, DateTimeOffset UpdatedAt, DateTimeOffset SucceededAt);
}
