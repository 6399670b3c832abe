using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Pds.Infrastructure.Moderation;

namespace Pds.Infrastructure.Persistence;

/// <summary>Brings the schema up to date before anything else starts.</summary>
internal sealed class DatabaseStartup(IDbContextFactory<PdsDbContext> contexts, SqliteDatabase database) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        database.CreateFolder();
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync(AuditRow.GuardSql, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
