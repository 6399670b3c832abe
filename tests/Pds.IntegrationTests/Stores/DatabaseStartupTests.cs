using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Pds.Application.Server;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests.Stores;

internal sealed class DatabaseStartupTests
{
    private string _folder = null!;
    private SqliteDatabase _database = null!;

    [SetUp]
    public async Task MakeDatabaseAsync()
    {
        _folder = Directory.CreateTempSubdirectory("pds-startup-").FullName;
        _database = new SqliteDatabase($"Data Source={Path.Combine(_folder, "pds.sqlite")}", SqliteDurability.ProcessCrash);
        await StartAsync(new Contexts(_database));
    }

    [TearDown]
    public void DeleteDatabase()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void Start_OfAnEmptyDatabase_MakesTheSchema()
    {
        using PdsDbContext context = new Contexts(_database).CreateDbContext();

        Assert.That(context.Database.GetPendingMigrations(), Is.Empty);
        Assert.That(Query("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"), Is.EqualTo(3));
    }

    // To build EF's model takes half of a start.
    [Test]
    public async Task Start_WithNothingToMigrate_LeavesEfAlone()
    {
        var contexts = new Contexts(_database);
        Query("DROP TRIGGER audit_no_update");

        await StartAsync(contexts);

        Assert.That(contexts.Made, Is.Zero);
        Assert.That(Query("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"), Is.EqualTo(3));
    }

    [Test]
    public void Start_WhenTheNewestMigrationIsMissing_Migrates()
    {
        var contexts = new Contexts(_database);
        Query($"DELETE FROM \"{HistoryRepository.DefaultTableName}\"");

        // The tables are there already, so that it fails shows that it was tried.
        Assert.That(() => StartAsync(contexts), Throws.InstanceOf<SqliteException>());
        Assert.That(contexts.Made, Is.EqualTo(1));
    }

    private sealed class NoCheck : IStartCheck
    {
        public void Check()
        {
        }
    }

    private Task StartAsync(Contexts contexts) => new DatabaseStartup(
        contexts, _database, new NoCheck(), [new AuditGuard(), new SealedKeysStart(new KeyVault("secret"u8, KeyVault.SigningKeys))]).StartAsync(CancellationToken.None);

    private object? Query(string sql)
    {
        using SqliteConnection connection = _database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private sealed class Contexts(SqliteDatabase database) : IDbContextFactory<PdsDbContext>
    {
        public int Made { get; private set; }

        public PdsDbContext CreateDbContext()
        {
            Made++;
            return new(new DbContextOptionsBuilder<PdsDbContext>().UseSqlite(database.ConnectionString).Options);
        }
    }
}
