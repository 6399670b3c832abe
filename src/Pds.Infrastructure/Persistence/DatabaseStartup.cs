using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Pds.Application.Server;

namespace Pds.Infrastructure.Persistence;

/// <summary>What a feature has to do with the database before anything else starts.</summary>
internal interface IDatabaseStart
{
    /// <summary>Refuses to start on what lies there. Nothing has been written yet, and the connection cannot write.</summary>
    /// <exception cref="StartRefusedException">This program must not go on with this database.</exception>
    void Check(DbConnection connection, SchemaHistory history)
    {
    }

    /// <summary>Brings the feature's tables up to date once the schema is. Runs at every start.</summary>
    void Apply(DbConnection connection, SqlDialect dialect)
    {
    }
}

/// <summary>Looks whether the database may be opened and brings its schema up to date, before anything else starts.</summary>
/// <remarks>EF Core is not asked when there is nothing to do: to build its model takes as long as all the rest of a start.</remarks>
internal sealed class DatabaseStartup(
    IDbContextFactory<PdsDbContext> contexts, SqliteDatabase database, IStartCheck check, IEnumerable<IDatabaseStart> features) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        check.Check();
        database.CreateFolder();
        await using DbConnection connection = database.Open();
        database.KeepPrivate();
        if (!SchemaHistory.Read(connection).IsCurrent)
        {
            await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }

        foreach (IDatabaseStart feature in features)
        {
            feature.Apply(connection, SqliteDialect.Instance);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
