using Microsoft.EntityFrameworkCore;
using Pds.Application.Moderation;
using Pds.Domain.Moderation;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Moderation;

/// <summary>The audit trail in the service tables. The write queue chains the rows, so they never meet.</summary>
internal sealed class AuditLog(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue) : IAuditLog
{
    public Task AppendAsync(AuditAct act) => queue.WriteAsync(context =>
    {
        AuditRows.Add(context, act);
        return act;
    });

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<AuditRow> rows = await context.Set<AuditRow>().AsNoTracking().Where(row => row.Seq > after).OrderBy(row => row.Seq).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToRecord())];
    }
}
