using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Hosting;
using Pds.Infrastructure.Moderation;

namespace Pds.Infrastructure.Persistence;

/// <summary>Brings the schema up to date before anything else starts.</summary>
/// <remarks>EF Core is not asked when there is nothing to do: to build its model takes as long as all the rest of a start.</remarks>
internal sealed class DatabaseStartup(IDbContextFactory<PdsDbContext> contexts, SqliteDatabase database) : IHostedService
{
    private static readonly string NewestMigration =
        typeof(PdsDbContext).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).Max(StringComparer.Ordinal)!;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        database.CreateFolder();
        await using SqliteConnection connection = database.Open();
        if (!IsCurrent(connection))
        {
            await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }

        using SqliteCommand guard = connection.CreateCommand();
        guard.CommandText = AuditRow.GuardSql;
        guard.ExecuteNonQuery();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsCurrent(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM sqlite_master WHERE name = '{HistoryRepository.DefaultTableName}'";
        if ((long)command.ExecuteScalar()! == 0)
        {
            return false;
        }

        command.CommandText = $"SELECT count(*) FROM \"{HistoryRepository.DefaultTableName}\" WHERE \"MigrationId\" = $id";
        command.Parameters.AddWithValue("$id", NewestMigration);
        return (long)command.ExecuteScalar()! == 1;
    }
}
