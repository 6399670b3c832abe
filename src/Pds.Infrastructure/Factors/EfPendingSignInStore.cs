using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Factors;

/// <summary>Sign-ins that wait for the second factor, in the service tables.</summary>
internal sealed class EfPendingSignInStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns) : IPendingSignInStore
{
    public Task AddAsync(PendingSignIn pending, DateTimeOffset now, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, pending.Proof);
        context.Set<PendingSignInRow>().Where(row => row.ExpiresAt < now).ExecuteDelete();
        return context.Add(new PendingSignInRow
        {
            Id = pending.Id,
            DeviceId = pending.DeviceId,
            Did = pending.Proof.Account,
            SignInEpoch = pending.Proof.Epoch,
            Remember = pending.Remember,
            ExpiresAt = pending.ExpiresAt,
        }).Entity;
    });

    public async ValueTask<PendingSignIn?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        PendingSignInRow? row = await context.Set<PendingSignInRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return row is null ? null : new PendingSignIn(row.Id, row.DeviceId, SignInProof.Kept(row.Did, row.SignInEpoch), row.Remember, row.ExpiresAt);
    }

    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        queue.WriteAsync(context => context.Set<PendingSignInRow>().Where(row => row.Id == id).ExecuteDelete());
}
