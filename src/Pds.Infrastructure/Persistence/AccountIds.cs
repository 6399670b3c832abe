using Microsoft.Extensions.Caching.Memory;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Persistence;

/// <summary>From DIDs to the integer ids that stand for accounts inside the database. An id never changes and is never used again.</summary>
internal sealed class AccountIds(ReadPool readers) : IDisposable
{
    private const int Capacity = 100_000;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>The id, or <see langword="null"/> when no account has that DID.</summary>
    public long? Find(Did did)
    {
        if (_cache.TryGetValue(did, out long cached))
        {
            return cached;
        }

        using ReadLease lease = readers.Rent();
        if (lease.Connection.FindAccountId(did) is not { } id)
        {
            return null;
        }

        using ICacheEntry entry = _cache.CreateEntry(did);
        entry.Size = 1;
        entry.Value = id;
        return id;
    }

    /// <summary>To be called when an account is gone.</summary>
    public void Forget(Did did) => _cache.Remove(did);

    public void Dispose() => _cache.Dispose();
}
