using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>A commit made but not yet kept: everything a store and the firehose need to know of it.</summary>
public sealed record RepositoryChange
{
    /// <summary>Whose repository.</summary>
    public required Did Did { get; init; }

    /// <summary>The new head.</summary>
    public required Commit Commit { get; init; }

    /// <summary>The head it was built upon; <see langword="null"/> for the first commit.</summary>
    public required Commit? Previous { get; init; }

    /// <summary>The tree of <see cref="Commit"/>, sealed.</summary>
    public required MstTree Tree { get; init; }

    /// <summary>The net operation on each record, in the order in which the writes first name it; no path twice.</summary>
    public required IReadOnlyList<RepositoryOp> Ops { get; init; }

    /// <summary>
    /// CAR of the commit, the tree nodes that let a consumer undo the operations, and the written records; root is the commit.
    /// At most <see cref="RepositoryLimits.MaxEventBlocksBytes"/> bytes.
    /// </summary>
    public required ReadOnlyMemory<byte> Blocks { get; init; }
}

/// <summary>What happened to one record.</summary>
/// <param name="Action">What was done.</param>
/// <param name="Path">To which record.</param>
/// <param name="Cid">The new version; <see langword="null"/> when it was deleted.</param>
/// <param name="Prev">The version replaced or removed; <see langword="null"/> when it was created.</param>
/// <param name="Record">The new content; <see langword="null"/> when it was deleted, or when only the operation is known.</param>
public sealed record RepositoryOp(WriteAction Action, RecordPath Path, Cid? Cid, Cid? Prev, DataMap? Record);
