using Microsoft.EntityFrameworkCore;
using Pds.Application.Moderation;
using Pds.Domain.Moderation;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.Moderation;

/// <summary>The audit trail in the service tables. The single writer chains the rows, so they never meet.</summary>
internal sealed class AuditLog(IDbContextFactory<PdsDbContext> contexts, CommitLog log) : IAuditLog
{
    public Task AppendAsync(AuditAct act) => log.WriteAsync(context =>
    {
        AuditRow? last = context.Set<AuditRow>().AsNoTracking().OrderByDescending(row => row.Seq).FirstOrDefault();
        AuditRecord record = (last is null ? new AuditChain() : new AuditChain(last.ToRecord())).Append(act);
        context.Add(AuditRow.From(record));
        return record;
    });

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<AuditRow> rows = await context.Set<AuditRow>().AsNoTracking().Where(row => row.Seq > after).OrderBy(row => row.Seq).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToRecord())];
    }
}
