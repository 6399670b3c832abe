using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Repositories;

/// <summary>Takes over whole repositories from elsewhere.</summary>
public interface IRepositoryImport
{
    /// <summary>Replaces the records of a repository by those of an archive, all or nothing, under a new commit of ours.</summary>
    /// <remarks>
    /// The tree must be the one its records can have; the signature is not asked for, since the old key may be gone. Records that stay as they are keep
    /// their revision.
    /// </remarks>
    /// <param name="did">Whose repository.</param>
    /// <param name="archive">The CAR; read once, to its end. Memory use does not depend on its length.</param>
    /// <param name="policy">Decides what becomes of it, and refuses by an exception; nothing has changed then. It is asked again when the head has moved on.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    /// <exception cref="XrpcException">InvalidRequest: the archive is not what it must be. RepoNotFound.</exception>
    Task ImportAsync(Did did, Stream archive, ImportPolicy policy, CancellationToken cancellationToken);
}

/// <summary>Judges some of the writes of an import.</summary>
/// <param name="writes">The records to be written, as updates, and those to be removed; not those that stay as they are.</param>
/// <param name="cancellationToken">Gives up.</param>
public delegate Task ImportReview(IReadOnlyList<ProposedWrite> writes, CancellationToken cancellationToken);
