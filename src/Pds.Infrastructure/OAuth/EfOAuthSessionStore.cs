using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.OAuth;

/// <summary>OAuth sessions in the service tables. The single writer makes every exchange atomic.</summary>
internal sealed class EfOAuthSessionStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns) : IOAuthSessionStore
{
    public Task AddAsync(SignInProof proof, OAuthSession session, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        context.Set<OAuthSessionRow>().Where(row => row.ExpiresAt < session.CreatedAt).ExecuteDelete();
        return context.Add(OAuthSessionRow.From(session)).Entity;
    });

    public async ValueTask<OAuthSession?> FindByTokenAsync(string tokenId, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        OAuthSessionRow? row = await context.Set<OAuthSessionRow>().AsNoTracking().SingleOrDefaultAsync(row => row.TokenId == tokenId, cancellationToken);
        return row?.ToSession();
    }

    public async ValueTask<OAuthSession?> FindBySecretAsync(string hash, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<OAuthSessionRow> sessions = context.Set<OAuthSessionRow>().AsNoTracking();
        OAuthSessionRow? row = await sessions.SingleOrDefaultAsync(row => row.RefreshHash == hash, cancellationToken)
            ?? await sessions.SingleOrDefaultAsync(row => row.CodeHash == hash, cancellationToken)
            ?? await sessions.Join(context.Set<UsedRefreshTokenRow>().Where(used => used.Hash == hash), row => row.Id, used => used.SessionId, (row, _) => row)
                .SingleOrDefaultAsync(cancellationToken);
        return row?.ToSession();
    }

    public async ValueTask<IReadOnlyList<OAuthSession>> ListAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<OAuthSessionRow> rows = await context.Set<OAuthSessionRow>().AsNoTracking().Where(row => row.Did == did).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToSession())];
    }

    public Task<bool> RotateAsync(OAuthSession renewed, string usedHash, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        OAuthSessionRow? row = context.Set<OAuthSessionRow>().SingleOrDefault(row => row.Id == renewed.Id && row.RefreshHash == usedHash);
        if (row is null)
        {
            return false;
        }

        row.TokenId = renewed.TokenId;
        row.RefreshHash = renewed.RefreshHash;
        row.ClientKey = renewed.Client.KeyThumbprint;
        row.Permissions = renewed.Permissions;
        row.UpdatedAt = renewed.UpdatedAt;
        row.ExpiresAt = renewed.ExpiresAt;
        context.Add(new UsedRefreshTokenRow { Hash = usedHash, SessionId = row.Id });
        return true;
    });

    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        queue.WriteAsync(context => context.Set<OAuthSessionRow>().Where(row => row.Id == id).ExecuteDelete());
}
