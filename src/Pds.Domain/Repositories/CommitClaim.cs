using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories;

/// <summary>What a commit event says, before anybody has checked it.</summary>
public sealed record CommitClaim
{
    /// <summary>Whose repository: <c>repo</c>.</summary>
    public required Did Did { get; init; }

    /// <summary>CID of the commit block.</summary>
    public required Cid Commit { get; init; }

    /// <summary>The revision.</summary>
    public required Tid Rev { get; init; }

    /// <summary>The revision of the commit before; <see langword="null"/> only when this is the first commit.</summary>
    public required Tid? Since { get; init; }

    /// <summary>What the commit did. The content of records is not looked at, only whether <see cref="Blocks"/> has it.</summary>
    public required IReadOnlyList<RepositoryOp> Ops { get; init; }

    /// <summary>Root of the tree before; <see langword="null"/> only when this is the first commit.</summary>
    public required Cid? PrevData { get; init; }

    /// <summary>The CAR.</summary>
    public required ReadOnlyMemory<byte> Blocks { get; init; }

    /// <summary>Whether the commit comes right after another one of the same repository; otherwise one was missed, and the repository is to be fetched again.</summary>
    /// <param name="last">The last commit that was seen.</param>
    public bool Follows(Commit last) => Did == last.Did && Since == last.Rev && PrevData == last.Data && Rev > last.Rev;

    /// <summary>What the event of a change says.</summary>
    public static CommitClaim Of(RepositoryChange change) => new()
    {
        Did = change.Did,
        Commit = change.Commit.Cid,
        Rev = change.Commit.Rev,
        Since = change.Previous?.Rev,
        Ops = change.Ops,
        PrevData = change.Previous?.Data,
        Blocks = change.Blocks,
    };
}
