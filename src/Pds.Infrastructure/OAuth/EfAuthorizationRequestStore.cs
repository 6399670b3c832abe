using Microsoft.EntityFrameworkCore;
using Pds.Application.OAuth;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.OAuth;

/// <summary>Authorization requests in the service tables. The single writer makes every change atomic.</summary>
internal sealed class EfAuthorizationRequestStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns) : IAuthorizationRequestStore
{
    public Task AddAsync(AuthorizationRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Those that ended stay for an hour more, to be told from those that never were; those that no browser has opened, for as long as they were good.
        DateTimeOffset forgotten = now - TimeSpan.FromHours(1);
        DateTimeOffset unopened = now - (request.ExpiresAt - now);
        return queue.WriteAsync(context =>
        {
            context.Set<OAuthRequestRow>().Where(row => row.ExpiresAt < unopened && (row.DeviceId == null || row.ExpiresAt < forgotten)).ExecuteDelete();
            return context.Add(OAuthRequestRow.From(request)).Entity;
        });
    }

    public async ValueTask<AuthorizationRequest?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        OAuthRequestRow? row = await context.Set<OAuthRequestRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return row?.ToRequest();
    }

    public Task<AuthorizationRequest?> UpdateAsync(string id, Func<AuthorizationRequest, AuthorizationRequest?> change, CancellationToken cancellationToken) =>
        queue.WriteAsync(context =>
        {
            if (context.Set<OAuthRequestRow>().SingleOrDefault(row => row.Id == id) is not { } row)
            {
                return null;
            }

            AuthorizationRequest before = row.ToRequest();
            AuthorizationRequest? changed = change(before);
            if (changed?.SignIn is { } proof && (proof != before.SignIn || changed.CodeHash != before.CodeHash))
            {
                signIns.Require(context, proof);
            }

            if (changed is null)
            {
                context.Remove(row);
            }
            else
            {
                row.Apply(changed);
            }

            return changed;
        });

    public Task<AuthorizationRequest?> TakeAsync(string codeHash, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        OAuthRequestRow? row = context.Set<OAuthRequestRow>().SingleOrDefault(row => row.CodeHash == codeHash);
        if (row is not null)
        {
            context.Remove(row);
        }

        return row?.ToRequest();
    });
}
