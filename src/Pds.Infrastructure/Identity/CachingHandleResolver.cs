using Pds.Application.Identity;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Identity;

/// <summary>Remembers resolved handles: a DID for ten minutes, that there is none for one. A lookup nobody answered is not remembered.</summary>
internal sealed class CachingHandleResolver(HandleLookup lookup, TimeProvider time) : IHandleResolver
{
    private const int Capacity = 20_000;

    private static readonly TimeSpan FoundLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NothingLifetime = TimeSpan.FromMinutes(1);

    private readonly BoundedCache<Handle, Entry> _cache = new(Capacity);
    private readonly SingleFlight<Handle, HandleAnswer> _flights = new();

    /// <inheritdoc/>
    public async ValueTask<Did?> ResolveAsync(Handle handle, CancellationToken cancellationToken)
    {
        HandleAnswer answer = await lookup(handle, cancellationToken);
        Keep(handle, answer);
        return answer.Did;
    }

    /// <inheritdoc/>
    public async ValueTask<Did?> ResolveCachedAsync(Handle handle, CancellationToken cancellationToken)
    {
        if (_cache.TryGet(handle, out Entry entry) && time.GetUtcNow() < entry.ExpiresAt)
        {
            return entry.Did;
        }

        HandleAnswer answer = await _flights.RunAsync(handle, () => lookup(handle, CancellationToken.None), cancellationToken);
        Keep(handle, answer);
        return answer.Did;
    }

    private void Keep(Handle handle, HandleAnswer answer)
    {
        if (answer.Did is not null || answer.IsCertain)
        {
            _cache.Set(handle, new(answer.Did, time.GetUtcNow() + (answer.Did is null ? NothingLifetime : FoundLifetime)), weight: 1);
        }
    }

    private readonly record struct Entry(Did? Did, DateTimeOffset ExpiresAt);
}

/// <summary>Looks a handle up, past every cache, in bounded time.</summary>
internal delegate Task<HandleAnswer> HandleLookup(Handle handle, CancellationToken cancellationToken);
