using Microsoft.Extensions.Logging;
using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Infrastructure.Identity;

/// <summary>Fetches a document, past every cache, in bounded time.</summary>
internal delegate Task<DidDocument?> DidFetch(Did did, CancellationToken cancellationToken);

/// <summary>Remembers DID documents in memory, bounded in bytes.</summary>
/// <remarks>
/// Fresh documents are returned as they are, stale ones too while they are fetched anew in the background; expired ones are not used.
/// A fetch that fails leaves what is there, and is never taken for "not found". Only the fetch that began last counts, so one that was
/// under way while the document changed cannot bring the old one back.
/// </remarks>
internal sealed class CachingDidResolver(DidFetch fetch, IdentitySettings options, TimeProvider time, ILogger<CachingDidResolver> logger) : IDidResolver
{
    /// <summary>Bytes of documents held.</summary>
    public const int Capacity = 32 * 1024 * 1024;

    private const int EntryOverhead = 512;

    private readonly BoundedCache<Did, Entry> _cache = new(Capacity);
    private readonly SingleFlight<Did, DidDocument?> _flights = new();
    private long _fetches;

    /// <inheritdoc/>
    public async ValueTask<DidDocument?> ResolveAsync(Did did, bool refresh, CancellationToken cancellationToken)
    {
        if (refresh)
        {
            return await FetchAsync(did, cancellationToken); // not shared: one under way may have read what the caller knows to be old
        }

        if (_cache.TryGet(did, out Entry entry) && entry.Document is { } document)
        {
            TimeSpan age = time.GetUtcNow() - entry.FetchedAt;
            if (age < options.CacheStaleAfter)
            {
                return document;
            }

            if (age < options.CacheExpiresAfter)
            {
                _ = RefreshAsync(did);
                return document;
            }
        }

        return await _flights.RunAsync(did, () => FetchAsync(did, CancellationToken.None), cancellationToken);
    }

    private async Task RefreshAsync(Did did)
    {
        try
        {
            await _flights.RunAsync(did, () => FetchAsync(did, CancellationToken.None), CancellationToken.None);
        }
        catch (XrpcException e)
        {
            IdentityLog.RefreshFailed(logger, did, e);
        }
    }

    private async Task<DidDocument?> FetchAsync(Did did, CancellationToken cancellationToken)
    {
        long number = Interlocked.Increment(ref _fetches);
        DidDocument? document = await fetch(did, cancellationToken);
        _cache.Set(did, new(document, time.GetUtcNow(), number), EntryOverhead + (document?.Json.Length ?? 0), present => present.Number < number);
        return document;
    }

    // No document: a note that there was none, which is never an answer but outdates fetches begun before.
    private readonly record struct Entry(DidDocument? Document, DateTimeOffset FetchedAt, long Number);
}
