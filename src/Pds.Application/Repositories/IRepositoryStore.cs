using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.Application.Repositories;

/// <summary>Keeps repositories: heads, trees, records and the events that announce commits.</summary>
public interface IRepositoryStore
{
    /// <summary>Makes one commit in a repository and keeps it durably: records, head and firehose event together, or nothing.</summary>
    /// <param name="did">Whose repository.</param>
    /// <param name="build">
    /// Makes the change from the head as it is, or <see langword="null"/> to leave it. Writers of one repository run one after the other,
    /// so what it sees stays true; it may be called again when another process moved the head.
    /// </param>
    /// <param name="cancellationToken">Gives up before the change is handed over; from then on the write completes.</param>
    /// <returns>The change, once it is durable, or <see langword="null"/> when there was none.</returns>
    /// <exception cref="XrpcException">RepoNotFound, or whatever <paramref name="build"/> refuses with.</exception>
    Task<RepositoryChange?> WriteAsync(Did did, Func<Repository, CancellationToken, ValueTask<RepositoryChange?>> build, CancellationToken cancellationToken);

    /// <summary>The durable head, or <see langword="null"/> when the repository is not here. Says nothing about the account's status.</summary>
    ValueTask<Commit?> FindHeadAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Opens a consistent view of a whole repository at its durable head; <see langword="null"/> when it is not here.</summary>
    Task<IRepositorySnapshot?> OpenSnapshotAsync(Did did, CancellationToken cancellationToken);
}

/// <summary>A repository frozen at one commit. Later writes do not show. Not safe for concurrent use.</summary>
public interface IRepositorySnapshot : IAsyncDisposable
{
    /// <summary>Cancelled once the view is older than <see cref="Settings.RepositorySettings.MaxSnapshotAge"/>: whoever waits for somebody else while it is open ends then.</summary>
    CancellationToken Expired { get; }

    /// <summary>The commit the view stands at.</summary>
    Commit Head { get; }

    /// <summary>The tree of that commit, loaded as it is walked.</summary>
    MstTree Tree { get; }

    /// <summary>The DAG-CBOR of one record, or <see langword="null"/>.</summary>
    ReadOnlyMemory<byte>? FindRecord(RecordPath path);

    /// <summary>One record with the revision that wrote it, or <see langword="null"/>.</summary>
    SnapshotRecord? FindVersion(string path);

    /// <summary>The records in ascending order of their path. The bytes are valid until the next step.</summary>
    /// <param name="since">Only versions written by a later commit than that revision; <see langword="null"/> for all.</param>
    IEnumerable<SnapshotRecord> ReadRecords(Tid? since = null);

    /// <summary>The blocks of all records, in ascending order of the records' paths.</summary>
    IEnumerable<Block> ReadRecordBlocks();

    /// <summary>The block of that CID if it belongs to this view: commit, tree node or record.</summary>
    ReadOnlyMemory<byte>? FindBlock(Cid cid);
}

/// <summary>A record within a snapshot.</summary>
/// <param name="Path"><c>collection/rkey</c>.</param>
/// <param name="Cid">CID of the record.</param>
/// <param name="Rev">Revision of the commit that wrote this version.</param>
/// <param name="Cbor">Its DAG-CBOR.</param>
public readonly record struct SnapshotRecord(string Path, Cid Cid, Tid Rev, ReadOnlyMemory<byte> Cbor);
