using Microsoft.EntityFrameworkCore;
using Pds.Application.Moderation;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>Takedowns of records in the service tables.</summary>
internal sealed class RecordTakedowns(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, AccountIds accounts, ReadPool readers) : IRecordTakedowns
{
    public async ValueTask<JudgedRecord?> FindAsync(Did did, RecordPath path, CancellationToken cancellationToken)
    {
        if (accounts.Find(did) is not { } accountId || FindCid(accountId, path) is not { } cid)
        {
            return null;
        }

        string text = path.ToString();
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        RecordTakedownRow? row = await context.Set<RecordTakedownRow>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.AccountId == accountId && row.Path == text, cancellationToken);
        return new JudgedRecord(cid, row?.TakedownRef);
    }

    public async Task<bool> SetAsync(Did did, RecordPath path, string? takedownRef, AuditNote? audit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return accounts.Find(did) is { } accountId && await queue.WriteAsync(context => Set(context, accountId, path, takedownRef), AuditRows.Joining(audit));
    }

    private static bool Set(PdsDbContext context, long accountId, RecordPath path, string? takedownRef)
    {
        string text = path.ToString();
        RecordTakedownRow? row = context.Set<RecordTakedownRow>().SingleOrDefault(row => row.AccountId == accountId && row.Path == text);
        if (row is null && !context.Set<RecordRow>().Any(record => record.AccountId == accountId && record.Path == text))
        {
            return false;
        }

        if (takedownRef is null)
        {
            context.RemoveRange(row is null ? [] : [row]);
        }
        else if (row is null)
        {
            context.Add(new RecordTakedownRow { AccountId = accountId, Path = text, TakedownRef = takedownRef });
        }
        else
        {
            row.TakedownRef = takedownRef;
        }

        return true;
    }

    private Cid? FindCid(long accountId, RecordPath path)
    {
        using ReadLease lease = readers.Rent();
        return lease.Part<RepositoryReader>().FindRecord(accountId, path)?.Cid;
    }
}
