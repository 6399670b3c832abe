using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pds.Application.Blobs;
using Pds.Application.Crypto;
using Pds.Application.Repositories;
using Pds.Application.Server;
using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers the database, the write path and the readers.</summary>
internal static class PersistenceServices
{
    private const int ClockIds = 1024;

    public static IServiceCollection AddPersistence(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new TidClock(provider.GetRequiredService<TimeProvider>(), RandomNumberGenerator.GetInt32(ClockIds)));
        services.AddSingleton(OpenDatabase);
        services.AddDbContextFactory<PdsDbContext>((provider, options) =>
            options.UseSqlite(provider.GetRequiredService<SqliteDatabase>().ConnectionString));

        services.TryAddSingleton<IStartCheck, DatabaseCheck>();
        services.AddSingleton(provider => new ReadPool(provider.GetRequiredService<SqliteDatabase>().Open));
        services.AddSingleton<FullDisk>();
        services.AddSingleton<IHealthProbe, DatabaseProbe>();
        services.AddSingleton<AccountIds>();
        services.AddSingleton<IDatabaseStart, EventBodies>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<EventLog>());
        services.AddSingleton<EventPublisher>();
        services.AddSingleton(provider => new WriteQueue(
            () => new WriteTransaction(
                provider.GetRequiredService<SqliteDatabase>().Open(), SqliteDialect.Instance, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<EventPublisher>().Follower,
            provider.GetRequiredService<FullDisk>(),
            provider.GetRequiredService<ILogger<WriteQueue>>()));
        services.TryAddSingleton(new CheckpointPolicy());
        services.AddSingleton(provider => new LaneContext(
            provider.GetRequiredService<ReadPool>(),
            provider.GetRequiredService<WriteQueue>(),
            provider.GetRequiredService<ISigningKeys>(),
            provider.GetRequiredService<TidClock>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<CheckpointPolicy>())
        {
            Blobs = provider.GetRequiredService<BlobFiles>(),
            MaxSnapshotAge = provider.GetRequiredService<RepositorySettings>().MaxSnapshotAge,
        });
        services.AddSingleton<RepositoryLanes>();
        services.AddSingleton<IRepositoryStore, RepositoryStore>();
        services.AddSingleton<RepositoryImport>();
        services.AddSingleton<IRepositoryImport>(provider => provider.GetRequiredService<RepositoryImport>());
        services.AddSingleton<IRecordStore, RecordStore>();
        services.AddSingleton<IRecordLinks, RecordLinks>();

        services.AddSingleton<BlobLocks>();
        services.AddSingleton<BlobFiles>();
        services.AddSingleton<BlobIndex>();
        services.TryAddSingleton<IBlobIndex>(provider => provider.GetRequiredService<BlobIndex>());
        services.TryAddSingleton<IBlobTakedowns>(provider => provider.GetRequiredService<BlobIndex>());
        services.TryAddSingleton<IBlobStore, FileBlobStore>();
        services.AddSingleton<TemporaryBlobs>();
        services.AddSingleton<ITemporaryBlobs>(provider => provider.GetRequiredService<TemporaryBlobs>());
        services.AddSingleton<BlobLeftovers>();
        services.AddSingleton<IBlobLeftovers>(provider => provider.GetRequiredService<BlobLeftovers>());

        // Started in this order, stopped in the other: lanes hand over their last nodes before the queue closes.
        services.AddHostedService<DatabaseStartup>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<BlobFiles>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<WriteQueue>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RepositoryLanes>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RepositoryImport>());
        services.AddHostedService<EventPruner>();
        services.AddHostedService<FullDiskRetry>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<TemporaryBlobs>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<BlobLeftovers>());
        return services;
    }

    private static SqliteDatabase OpenDatabase(IServiceProvider provider)
    {
        SqliteChoice choice = provider.GetRequiredService<IOptions<SqliteChoice>>().Value;
        string file = Path.Combine(provider.GetRequiredService<StorageSettings>().DataDirectory, SqliteChoice.DefaultFile);
        return new SqliteDatabase(choice.ConnectionString ?? new SqliteConnectionStringBuilder { DataSource = file }.ToString(), choice.Durability);
    }
}
