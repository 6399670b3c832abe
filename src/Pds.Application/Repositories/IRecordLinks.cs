using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Finds the records of one repository by what they point at, so that nobody follows or likes the same thing twice.</summary>
public interface IRecordLinks
{
    /// <summary>The records of a collection whose <see cref="RecordLink"/> is the given one.</summary>
    /// <remarks>
    /// Called while a write to the repository is being built (<see cref="IRepositoryStore.WriteAsync"/>): the answer covers every earlier
    /// commit of that repository, also one that is not durable yet.
    /// </remarks>
    /// <param name="did">Whose repository.</param>
    /// <param name="collection">One of those that <see cref="RecordLink"/> knows.</param>
    /// <param name="link">A DID or an AT-URI, compared as text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<RecordPath>> FindAsync(Did did, Nsid collection, string link, CancellationToken cancellationToken);
}
