using Pds.Domain.Moderation;

namespace Pds.Application.Moderation;

/// <summary>Keeps the audit trail: rows are added at the end, and never changed or removed.</summary>
public interface IAuditLog
{
    /// <summary>Adds a row. Rows that are added at the same time come one after the other, and none is lost.</summary>
    /// <returns>A task that completes when the row is durable.</returns>
    Task AppendAsync(AuditAct act);

    /// <summary>A page of rows in order.</summary>
    /// <param name="after">The number of the last row of the page before; 0 for the first page.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancellationToken);
}
