using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Repositories;

/// <summary>Takes over whole repositories from elsewhere.</summary>
public interface IRepositoryImport
{
    /// <summary>Replaces the records of a repository by those of an archive, all or nothing, under a new commit of ours.</summary>
    /// <remarks>
    /// The tree must be the one its records can have; the signature is not asked for, since the old key may be gone. The revision of the new commit is
    /// greater than any earlier one and, unless that lies in the future, than the archive's. Records that stay as they are keep their revision. When the
    /// repository holds just these records already and is ahead of the archive, nothing changes. No event announces the commit of an inactive account;
    /// for an active one a <c>#sync</c> does, since consumers could not follow otherwise.
    /// </remarks>
    /// <param name="did">Whose repository.</param>
    /// <param name="archive">The CAR; read once, to its end. Memory use does not depend on its length.</param>
    /// <param name="review">Sees every write before it is kept, and refuses by an exception; nothing has changed then.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    /// <exception cref="XrpcException">InvalidRequest: the archive is not what it must be. RepoNotFound.</exception>
    Task ImportAsync(Did did, Stream archive, ImportReview review, CancellationToken cancellationToken);
}

/// <summary>Judges some of the writes of an import.</summary>
/// <param name="writes">The records to be written, as updates, and those to be removed; not those that stay as they are.</param>
/// <param name="cancellationToken">Gives up.</param>
public delegate Task ImportReview(IReadOnlyList<ProposedWrite> writes, CancellationToken cancellationToken);
