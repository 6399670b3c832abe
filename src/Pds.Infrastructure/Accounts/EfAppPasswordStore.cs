using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>App passwords in the service tables.</summary>
internal sealed class EfAppPasswordStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns) : IAppPasswordStore
{
    public async ValueTask<AppPassword?> FindAsync(Did did, string passwordHash, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        AppPasswordRow? row = await context.Set<AppPasswordRow>().AsNoTracking()
            .FirstOrDefaultAsync(row => row.Did == did && row.PasswordHash == passwordHash, cancellationToken);
        return row?.ToAppPassword();
    }

    public async ValueTask<IReadOnlyList<AppPassword>> ListAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<AppPasswordRow> rows = await context.Set<AppPasswordRow>().AsNoTracking()
            .Where(row => row.Did == did)
            .OrderByDescending(row => row.CreatedAt)
            .ThenBy(row => row.Name)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToAppPassword())];
    }

    public Task<bool> AddAsync(SignInProof proof, AppPassword password, string passwordHash, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        Did did = proof.Account;
        if (context.Set<AppPasswordRow>().Any(row => row.Did == did && row.Name == password.Name))
        {
            return false;
        }

        context.Add(new AppPasswordRow
        {
            Did = did,
            Name = password.Name,
            PasswordHash = passwordHash,
            CreatedAt = password.CreatedAt,
            Privileged = password.Privileged,
        });
        return true;
    });

    /// <summary>Its sessions go with it: their rows refer to it.</summary>
    public Task RemoveAsync(Did did, string name, CancellationToken cancellationToken) =>
        queue.WriteAsync(context => context.Set<AppPasswordRow>().Where(row => row.Did == did && row.Name == name).ExecuteDelete());
}
