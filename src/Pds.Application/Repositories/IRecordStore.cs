using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Reads single records from the index, without touching the tree. Records that are taken down are not there.</summary>
public interface IRecordStore
{
    /// <summary>The current version of a record, or <see langword="null"/>.</summary>
    ValueTask<StoredRecord?> FindAsync(Did did, RecordPath path, CancellationToken cancellationToken);

    /// <summary>A page of one collection, ordered by record key: descending, or ascending when <paramref name="reverse"/>.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="collection">Which collection.</param>
    /// <param name="limit">At most so many, 1 to 100.</param>
    /// <param name="maxBytes">The page ends before the record that would make it larger, but has one record at least.</param>
    /// <param name="cursor">Start after this key, exclusive; <see langword="null"/> for the first page.</param>
    /// <param name="reverse">Ascending.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<StoredRecord>> ListAsync(
        Did did, Nsid collection, int limit, int maxBytes, string? cursor, bool reverse, CancellationToken cancellationToken);

    /// <summary>The collections that hold at least one record, ascending; at most 10,000.</summary>
    ValueTask<IReadOnlyList<Nsid>> ListCollectionsAsync(Did did, CancellationToken cancellationToken);

    /// <summary>A page of the active accounts that have at least one record in a collection, ascending.</summary>
    /// <param name="collection">Which collection.</param>
    /// <param name="after">The last of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<Did>> ListReposAsync(Nsid collection, Did? after, int limit, CancellationToken cancellationToken);
}

/// <summary>A record as it lies in the index.</summary>
/// <param name="Path">Collection and key.</param>
/// <param name="Record">The content.</param>
/// <param name="Cid">Its CID, as stored beside it.</param>
public sealed record StoredRecord(RecordPath Path, DataMap Record, Cid Cid);
