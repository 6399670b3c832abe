using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Factors;

/// <summary>Passkeys, and what browsers are asked for, in the service tables.</summary>
internal sealed class EfPasskeyStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns, AccountCache cache) : IPasskeyStore, IPasskeyChallengeStore
{
    public async ValueTask<Passkey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        PasskeyRow? row = await context.Set<PasskeyRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return row?.ToPasskey();
    }

    public async ValueTask<IReadOnlyList<Passkey>> ListAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<PasskeyRow> rows = await context.Set<PasskeyRow>().AsNoTracking().Where(row => row.Did == did).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToPasskey())];
    }

    public async ValueTask<IReadOnlyList<Passkey>> ListAsync(string userHandle, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<PasskeyRow> rows = await context.Set<PasskeyRow>().AsNoTracking()
            .Where(row => row.UserHandle == userHandle)
            .OrderBy(row => row.CreatedAt)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToPasskey())];
    }

    public Task<bool> AddAsync(SignInProof proof, Passkey passkey, int limit, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        if (context.Set<PasskeyRow>().Any(row => row.Id == passkey.Id) || context.Set<PasskeyRow>().Count(row => row.Did == passkey.Did) >= limit)
        {
            return false;
        }

        context.Add(PasskeyRow.From(passkey));
        return true;
    });

    /// <summary>A sign-in by a passkey may wait for a consent, where its passkey is not known any more, so removing one counts as a change of what signs in.</summary>
    public async Task<Passkey?> UpdateAsync(Did did, string id, Func<Passkey, Passkey?> change, CancellationToken cancellationToken)
    {
        Passkey? before = null;
        await queue.AppendAsync(new SignInChangeWrite(did, cache, context =>
        {
            PasskeyRow? row = context.Set<PasskeyRow>().SingleOrDefault(row => row.Did == did && row.Id == id);
            before = row?.ToPasskey();
            if (before is null)
            {
                return false;
            }

            if (change(before) is { } changed)
            {
                row!.Apply(changed);
                return false;
            }

            context.Remove(row!);
            return true;
        }));
        return before;
    }

    public Task AddAsync(PasskeyChallenge challenge, DateTimeOffset now, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        context.Set<PasskeyChallengeRow>().Where(row => row.ExpiresAt < now).ExecuteDelete();
        return context.Add(new PasskeyChallengeRow
        {
            Id = challenge.Id,
            DeviceId = challenge.DeviceId,
            Did = challenge.Did,
            State = challenge.State,
            ExpiresAt = challenge.ExpiresAt,
        }).Entity;
    });

    public Task<PasskeyChallenge?> TakeAsync(string id, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        PasskeyChallengeRow? row = context.Set<PasskeyChallengeRow>().SingleOrDefault(row => row.Id == id);
        if (row is not null)
        {
            context.Remove(row);
        }

        return row?.ToChallenge();
    });
}
