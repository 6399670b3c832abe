using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.Accounts;

/// <summary>Invite codes in the service tables.</summary>
internal sealed class EfInviteStore(IDbContextFactory<PdsDbContext> contexts, CommitLog log) : IInviteStore
{
    public async ValueTask<bool> IsUsableAsync(string code, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        InviteCodeRow? row = await Codes(context).SingleOrDefaultAsync(row => row.Code == code, cancellationToken);
        return row is not null && InviteUse.IsUsable(context, row);
    }

    public Task AddAsync(IReadOnlyList<InviteCode> codes, CancellationToken cancellationToken) => log.WriteAsync(context =>
    {
        context.AddRange(codes.Select(InviteCodeRow.From));
        return codes.Count;
    });

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
