using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>E-mailed tokens in the service tables.</summary>
internal sealed class EfEmailTokenStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns) : IEmailTokenStore
{
    public Task ReplaceAsync(EmailToken token, SignInProof proof, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        signIns.Require(context, proof);
        context.Set<EmailTokenRow>().Where(row => row.Did == token.Did && row.Purpose == token.Purpose).ExecuteDelete();
        return context.Add(new EmailTokenRow { Purpose = token.Purpose, Did = token.Did, Hash = token.Hash, RequestedAt = token.RequestedAt }).Entity;
    });

    public async ValueTask<EmailToken?> FindAsync(EmailTokenPurpose purpose, Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        EmailTokenRow? row = await context.Set<EmailTokenRow>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Did == did && row.Purpose == purpose, cancellationToken);
        return row?.ToToken();
    }

    public async ValueTask<EmailToken?> FindAsync(EmailTokenPurpose purpose, string hash, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        EmailTokenRow? row = await context.Set<EmailTokenRow>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.Purpose == purpose && row.Hash == hash, cancellationToken);
        return row?.ToToken();
    }

    public Task<bool> RemoveAsync(EmailToken token, CancellationToken cancellationToken) => queue.WriteAsync(context => Remove(context, token));

    /// <summary>Uses up a token within another change.</summary>
    /// <returns>Whether it was there.</returns>
    public static bool Remove(PdsDbContext context, EmailToken token) =>
        context.Set<EmailTokenRow>().Where(row => row.Did == token.Did && row.Purpose == token.Purpose && row.Hash == token.Hash).ExecuteDelete() > 0;
}
