using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>Keeps the operation logs of the directory that runs inside this server (development, closed networks).</summary>
public interface IPlcLogStore
{
    /// <summary>All operations of a DID in order of acceptance, undone ones included; empty for a DID that is not known.</summary>
    Task<IReadOnlyList<PlcLogEntry>> ReadAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Adds the last entry of a log, and marks what it undid, if the stored log is still as long as all before it.</summary>
    /// <param name="did">Whose log.</param>
    /// <param name="log">The log as it should be; at least one entry.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="false"/> when somebody else added an operation meanwhile; nothing was kept.</returns>
    Task<bool> AppendAsync(Did did, IReadOnlyList<PlcLogEntry> log, CancellationToken cancellationToken);
}
