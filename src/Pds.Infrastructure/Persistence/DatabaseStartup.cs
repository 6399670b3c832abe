using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Pds.Application.Server;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Moderation;

namespace Pds.Infrastructure.Persistence;

/// <summary>Looks whether the database may be opened and brings its schema up to date, before anything else starts.</summary>
/// <remarks>EF Core is not asked when there is nothing to do: to build its model takes as long as all the rest of a start.</remarks>
internal sealed class DatabaseStartup(IDbContextFactory<PdsDbContext> contexts, SqliteDatabase database, IStartCheck check, KeyVault vault) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        check.Check();
        database.CreateFolder();
        await using SqliteConnection connection = database.Open();
        database.KeepPrivate();
        if (!SchemaHistory.Read(connection).IsCurrent)
        {
            await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }

        using SqliteCommand guard = connection.CreateCommand();
        guard.CommandText = AuditRow.GuardSql;
        guard.ExecuteNonQuery();
        ServerCheckRow.Keep(connection, vault.CheckValue);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
