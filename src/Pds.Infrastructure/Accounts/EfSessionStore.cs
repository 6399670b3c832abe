using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.Accounts;

/// <summary>Refresh tokens in the service tables. The single writer makes every exchange atomic.</summary>
internal sealed class EfSessionStore(CommitLog log) : ISessionStore
{
    public Task AddAsync(RefreshToken token, CancellationToken cancellationToken) => log.WriteAsync(context => context.Add(RefreshTokenRow.From(token)).Entity);

    public Task<SessionRotation?> RotateAsync(string id, string candidateId, DateTimeOffset now, CancellationToken cancellationToken) =>
        log.WriteAsync(context => Rotate(context, id, candidateId, now));

    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        log.WriteAsync(context => context.Set<RefreshTokenRow>().Where(row => row.Id == id).ExecuteDelete());

    private static SessionRotation? Rotate(PdsDbContext context, string id, string candidateId, DateTimeOffset now)
    {
        DbSet<RefreshTokenRow> tokens = context.Set<RefreshTokenRow>();
        RefreshTokenRow? row = tokens.SingleOrDefault(token => token.Id == id);
        if (row is null)
        {
            return null;
        }

        tokens.Where(token => token.Did == row.Did && token.ExpiresAt <= now && token.Id != id).ExecuteDelete();
        if (row.ToToken().Rotate(candidateId, now) is not var (used, successor))
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

        AppPasswordRow? appPassword = row.AppPasswordName is { } name
            ? context.Set<AppPasswordRow>().SingleOrDefault(password => password.Did == row.Did && password.Name == name)
            : null;
        return new SessionRotation(successor, appPassword?.ToAppPassword());
    }
}
