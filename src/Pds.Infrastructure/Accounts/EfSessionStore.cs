using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Refresh tokens in the service tables. The single writer makes every exchange atomic.</summary>
internal sealed class EfSessionStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns) : ISessionStore
{
    public Task AddAsync(SignInProof proof, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        return context.Add(new RefreshTokenRow
        {
            Id = id,
            Did = proof.Account,
            ExpiresAt = expiresAt,
            AppPasswordName = (proof.Credential as SignInCredential.AppPassword)?.Name,
        }).Entity;
    });

    public Task<SessionRotation?> RotateAsync(string id, string candidateId, DateTimeOffset now, CancellationToken cancellationToken) =>
        queue.WriteAsync(context => Rotate(context, id, candidateId, now));

    public async ValueTask<IReadOnlyList<RefreshToken>> ListAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<RefreshTokenRow> rows = await context.Set<RefreshTokenRow>().AsNoTracking().Where(row => row.Did == did).ToListAsync(cancellationToken);
        return [.. rows.Select(row => row.ToToken())];
    }

    public Task EndAsync(Did did, string id, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        DbSet<RefreshTokenRow> tokens = context.Set<RefreshTokenRow>();
        string[] ended = [id];
        int count = 0;
        while (ended.Length > 0)
        {
            string[] next = ended;
            ended = [.. tokens.Where(token => token.Did == did && token.NextId != null && next.Contains(token.NextId)).Select(token => token.Id)];
            count += tokens.Where(token => token.Did == did && next.Contains(token.Id)).ExecuteDelete();
        }

        return count;
    });

    private static SessionRotation? Rotate(PdsDbContext context, string id, string candidateId, DateTimeOffset now)
    {
        DbSet<RefreshTokenRow> tokens = context.Set<RefreshTokenRow>();
        RefreshTokenRow? row = tokens.SingleOrDefault(token => token.Id == id);
        if (row is null)
        {
            return null;
        }

        tokens.Where(token => token.Did == row.Did && token.ExpiresAt <= now && token.Id != id).ExecuteDelete();
        AppPasswordRow? appPassword = row.AppPasswordName is { } name
            ? context.Set<AppPasswordRow>().SingleOrDefault(password => password.Did == row.Did && password.Name == name)
            : null;
        bool isOrphan = row.AppPasswordName is not null && appPassword is null; // taken for a session of the account password, it would be a wider one
        if (isOrphan || row.ToToken().Rotate(candidateId, now) is not var (used, successor))
        {
            tokens.Remove(row);
            return null;
        }

        row.ExpiresAt = used.ExpiresAt;
        row.NextId = used.NextId;
        if (tokens.SingleOrDefault(token => token.Id == successor.Id) is null)
        {
            tokens.Add(RefreshTokenRow.From(successor));
        }

        return new SessionRotation(successor, appPassword?.ToAppPassword());
    }
}
