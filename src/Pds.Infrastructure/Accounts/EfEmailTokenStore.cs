using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.Accounts;

/// <summary>E-mailed tokens in the service tables.</summary>
internal sealed class EfEmailTokenStore(IDbContextFactory<PdsDbContext> contexts, CommitLog log) : IEmailTokenStore
{
    public Task ReplaceAsync(EmailToken token, CancellationToken cancellationToken) => log.WriteAsync(context =>
    {
        Delete(context, token.Purpose, token.Did);
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

    public Task RemoveAsync(EmailTokenPurpose purpose, Did did, CancellationToken cancellationToken) => log.WriteAsync(context => Delete(context, purpose, did));

    private static int Delete(PdsDbContext context, EmailTokenPurpose purpose, Did did) =>
        context.Set<EmailTokenRow>().Where(row => row.Did == did && row.Purpose == purpose).ExecuteDelete();
}
