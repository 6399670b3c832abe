using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Moderation;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Invite codes in the service tables.</summary>
internal sealed class EfInviteStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue) : IInviteStore
{
    public async ValueTask<bool> IsUsableAsync(string code, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        InviteCodeRow? row = await Codes(context).SingleOrDefaultAsync(row => row.Code == code, cancellationToken);
        return row is not null && InviteUse.IsUsable(context, row);
    }

    public Task AddAsync(IReadOnlyList<InviteCode> codes, AuditNote? audit, CancellationToken cancellationToken) => queue.WriteAsync(
        context =>
        {
            context.AddRange(codes.Select(InviteCodeRow.From));
            return codes.Count;
        },
        AuditRows.Joining(audit));

    public Task AddRoutineAsync(IReadOnlyList<InviteCode> codes, Did did, int expected, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string owner = did.ToString();
        return queue.WriteAsync(context =>
        {
            int present = context.Set<InviteCodeRow>().Count(row => row.ForAccount == owner && row.CreatedBy != InviteCode.Operator);
            if (present + codes.Count > expected)
            {
                throw new XrpcException(AccountErrors.DuplicateCreate, "attempted to create additional codes in another request");
            }

            context.AddRange(codes.Select(InviteCodeRow.From));
            return codes.Count;
        });
    }

    public Task DisableAsync(IReadOnlyList<string> codes, IReadOnlyList<string> owners, AuditNote? audit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return queue.WriteAsync(
            context => context.Set<InviteCodeRow>()
                .Where(row => codes.Contains(row.Code) || owners.Contains(row.ForAccount))
                .ExecuteUpdate(row => row.SetProperty(code => code.Disabled, true)),
            AuditRows.Joining(audit));
    }

#pragma warning disable CA1309 // becomes SQL, which compares texts bytewise and knows no other overload
    public async ValueTask<IReadOnlyList<InviteCode>> ListRecentAsync(int limit, (DateTimeOffset CreatedAt, string Code)? after, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<InviteCodeRow> codes = Codes(context);
        if (after is var (createdAt, code))
        {
            codes = codes.Where(row => row.CreatedAt < createdAt || (row.CreatedAt == createdAt && string.Compare(row.Code, code) < 0));
        }

        List<InviteCodeRow> rows = await codes.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Code).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToInviteCode())];
    }

    public async ValueTask<IReadOnlyList<InviteCode>> ListMostUsedAsync(int limit, (int Uses, string Code)? after, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<InviteCodeRow> codes = Codes(context);
        if (after is var (uses, code))
        {
            codes = codes.Where(row => row.Uses.Count < uses || (row.Uses.Count == uses && string.Compare(row.Code, code) < 0));
        }

        List<InviteCodeRow> rows = await codes.OrderByDescending(row => row.Uses.Count).ThenByDescending(row => row.Code).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToInviteCode())];
    }
#pragma warning restore CA1309

    public async ValueTask<IReadOnlyList<InviteCode>> ListAsync(Did forAccount, CancellationToken cancellationToken)
    {
        string owner = forAccount.ToString();
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<InviteCodeRow> rows = await Codes(context).Where(row => row.ForAccount == owner).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToInviteCode())];
    }

    public async ValueTask<InviteCode?> FindUsedByAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        InviteCodeRow? row = await Codes(context).FirstOrDefaultAsync(row => row.Uses.Any(use => use.UsedBy == did), cancellationToken);
        return row?.ToInviteCode();
    }

    private static IQueryable<InviteCodeRow> Codes(PdsDbContext context) => context.Set<InviteCodeRow>().AsNoTracking().Include(row => row.Uses);
}
