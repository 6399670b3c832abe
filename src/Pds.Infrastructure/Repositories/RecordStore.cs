using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>Index lookups on the record table. SQLite reads are synchronous, so nothing here ever waits.</summary>
internal sealed class RecordStore(ReadPool readers, AccountIds accounts) : IRecordStore
{
    /// <summary>The character after <c>/</c>: the end, exclusive, of the paths of a collection.</summary>
    private const char AfterSlash = (char)('/' + 1);

    private const int MaxCollections = 10_000;

    public ValueTask<StoredRecord?> FindAsync(Did did, RecordPath path, CancellationToken cancellationToken)
    {
        if (accounts.Find(did) is not { } accountId)
        {
            return new((StoredRecord?)null);
        }

        using ReadLease lease = readers.Rent();
        return new(lease.Part<RepositoryReader>().FindServedRecord(accountId, path) is var (cid, cbor)
            ? new StoredRecord(path, DataMap.FromTrustedCbor(cbor), cid)
            : null);
    }

    public ValueTask<IReadOnlyList<StoredRecord>> ListAsync(
        Did did, Nsid collection, int limit, int maxBytes, string? cursor, bool reverse, CancellationToken cancellationToken)
    {
        if (accounts.Find(did) is not { } accountId)
        {
            return new([]);
        }

        string first = $"{collection}/";
        string end = $"{collection}{AfterSlash}";
        string? at = cursor is null ? null : first + cursor;
        using ReadLease lease = readers.Rent();
        return new(reverse
            ? lease.Part<RepositoryReader>().ListRecords(accountId, at ?? first, end, limit, maxBytes, ascending: true)
            : lease.Part<RepositoryReader>().ListRecords(accountId, first, at ?? end, limit, maxBytes, ascending: false));
    }

    public ValueTask<IReadOnlyList<Nsid>> ListCollectionsAsync(Did did, CancellationToken cancellationToken)
    {
        var collections = new List<Nsid>();
        if (accounts.Find(did) is { } accountId)
        {
            using ReadLease lease = readers.Rent();
            // Hops from collection to collection along the index: as many steps as there are collections, however many records.
            for (string? path = lease.Part<RepositoryReader>().FindNextPath(accountId, ""); path is not null && collections.Count < MaxCollections;)
            {
                string collection = path[..path.IndexOf('/')];
                collections.Add(Nsid.Parse(collection));
                path = lease.Part<RepositoryReader>().FindNextPath(accountId, collection + AfterSlash);
            }
        }

        return new(collections);
    }

    public ValueTask<IReadOnlyList<Did>> ListReposAsync(Nsid collection, Did? after, int limit, CancellationToken cancellationToken)
    {
        using ReadLease lease = readers.Rent();
        return new(lease.Part<RepositoryReader>().ListReposWith($"{collection}/", $"{collection}{AfterSlash}", after?.ToString() ?? "", limit));
    }
}
