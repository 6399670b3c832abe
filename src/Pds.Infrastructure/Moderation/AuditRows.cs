using Microsoft.EntityFrameworkCore;
using Pds.Application.Moderation;
using Pds.Domain.Moderation;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Moderation;

/// <summary>Rows of the audit trail as part of other writes.</summary>
internal static class AuditRows
{
    /// <summary>What joins a change by an operator: its row, unless an earlier change of the same act has taken that along.</summary>
    /// <param name="audit">The note of the act; <see langword="null"/> for a change that is not audited.</param>
    public static JoinedWrite? Joining(AuditNote? audit) => audit?.Pending is null ? null : new JoinedWrite(
        transaction =>
        {
            if (audit.Pending is { } act)
            {
                Add(transaction.Context, act);
                transaction.SaveChanges();
                audit.Keep();
            }
        },
        audit.Undo);

    /// <summary>Adds a row at the end of the chain.</summary>
    public static void Add(PdsDbContext context, AuditAct act)
    {
        AuditRow? last = context.Set<AuditRow>().AsNoTracking().OrderByDescending(row => row.Seq).FirstOrDefault();
        AuditChain chain = last is null ? new AuditChain() : new AuditChain(last.ToRecord());
        context.Add(AuditRow.From(chain.Append(act)));
    }
}
