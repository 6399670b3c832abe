using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Moderation;

/// <summary>
/// Takes records down: they are neither read nor listed by <c>com.atproto.repo.*</c>. The repository stays whole, so exports and proofs still hold them.
/// A takedown holds for the path: writing the record again does not lift it.
/// </summary>
public interface IRecordTakedowns
{
    /// <summary>A record with what is in force against it; <see langword="null"/> when there is no such record.</summary>
    ValueTask<JudgedRecord?> FindAsync(Did did, RecordPath path, CancellationToken cancellationToken);

    /// <summary>Takes a record down or lifts that.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="path">Which.</param>
    /// <param name="takedownRef">The operator's note; <see langword="null"/> lifts the takedown.</param>
    /// <param name="audit">The row of the audit trail that is kept with it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up before anything has changed.</param>
    /// <returns><see langword="false"/> when there is neither such a record nor a takedown of it.</returns>
    Task<bool> SetAsync(Did did, RecordPath path, string? takedownRef, AuditNote? audit, CancellationToken cancellationToken);
}

/// <summary>A record and what is in force against it.</summary>
/// <param name="Cid">Its current version.</param>
/// <param name="TakedownRef">The operator's note on why it is taken down; <see langword="null"/> when it is not.</param>
public sealed record JudgedRecord(Cid Cid, string? TakedownRef);
