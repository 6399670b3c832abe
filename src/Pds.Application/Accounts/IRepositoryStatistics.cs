using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Counts what is kept for an account, so that people who move can see whether everything arrived.</summary>
public interface IRepositoryStatistics
{
    /// <summary>The counts; all zero for an unknown account.</summary>
    ValueTask<RepositoryCounts> CountAsync(Did did, CancellationToken cancellationToken);
}

/// <summary>Counts of one account.</summary>
/// <param name="Blocks">Blocks of the repository: commit, tree nodes, records.</param>
/// <param name="Records">Records.</param>
/// <param name="ExpectedBlobs">Different blobs that records refer to.</param>
/// <param name="ImportedBlobs">Blobs that are here.</param>
public sealed record RepositoryCounts(long Blocks, long Records, long ExpectedBlobs, long ImportedBlobs);
