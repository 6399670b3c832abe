using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pds.Infrastructure.Persistence;
using Pds.IntegrationTests.Embedding;

namespace Pds.IntegrationTests.Stores;

internal sealed class SchemaTests
{
    [Test]
    public async Task Model_HasNoChangeWithoutAMigration()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        await using PdsDbContext context = fixture.OpenContext();

        Assert.That(context.Database.HasPendingModelChanges(), Is.False);
    }

    [Test]
    public async Task Migrations_MakeTheTablesOfTheModel()
    {
        string folder = Directory.CreateTempSubdirectory("pds-schema-").FullName;
        DbContextOptions<PdsDbContext> options = new DbContextOptionsBuilder<PdsDbContext>()
            .UseSqlite($"Data Source={Path.Combine(folder, "pds.sqlite")};Pooling=False").Options;
        await using PdsDbContext context = new(options);

        await context.Database.MigrateAsync();

        string[] missing =
        [
            .. context.Model.GetEntityTypes().Select(type => type.GetTableName()!)
                .Except(context.Database.SqlQueryRaw<string>("SELECT name AS Value FROM sqlite_master WHERE type = 'table'")),
        ];
        await context.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public async Task Sqlite_Always_IsTheOneOfThePackage()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();

        string used = Convert.ToString(fixture.Query("SELECT sqlite_version()"), CultureInfo.InvariantCulture)!;

        Assert.That(Version.Parse(used), Is.GreaterThanOrEqualTo(new Version(3, 53)));
    }

    [Test]
    public async Task Start_Always_LogsTheLibrariesInUse()
    {
        LogLines log = new();

        await using PdsApplication pds = await PdsApplication.StartAsync(services: services =>
            services.AddLogging(logging => logging.AddProvider(log).AddFilter<LogLines>(null, LogLevel.Information)));

        Assert.That(log.Lines, Has.One.Match(@"SQLite 3\.\d+\.\d+; secp256k1 by libsecp256k1, P-256 by the platform, scrypt by libsodium"));
    }

    [Test]
    public async Task Connections_AreDurableAndEnforceForeignKeys()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();

        Assert.Multiple(() =>
        {
            Assert.That(fixture.Query("PRAGMA journal_mode"), Is.EqualTo("wal"));
            Assert.That(fixture.Scalar("PRAGMA foreign_keys"), Is.EqualTo(1));
            Assert.That(fixture.Scalar("PRAGMA synchronous"), Is.EqualTo(1), "the fixture asks for ProcessCrash, which is NORMAL");
        });
    }

    // Measured: a lone createRecord writes 35 KB with pages of 4 KB, and 17 KB with these.
    [Test]
    public void Database_ThatIsNew_HasPagesOf1KiB_AndOneThatIsThereKeepsItsOwn([Values] bool isThere)
    {
        string folder = Directory.CreateTempSubdirectory("pds-schema-").FullName;
        var database = new SqliteDatabase($"Data Source={Path.Combine(folder, "pds.sqlite")}", SqliteDurability.ProcessCrash);
        if (isThere)
        {
            using SqliteConnection made = new($"Data Source={database.File};Pooling=False");
            made.Open();
            Execute(made, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; CREATE TABLE t (x)");
        }

        long pageBytes;
        long checkpointPages;
        using (SqliteConnection connection = database.Open())
        {
            Execute(connection, "CREATE TABLE u (x)");
            pageBytes = Execute(connection, "PRAGMA page_size");
            checkpointPages = Execute(connection, "PRAGMA wal_autocheckpoint");
        }

        Directory.Delete(folder, recursive: true);
        Assert.That(pageBytes, Is.EqualTo(isThere ? 4096 : 1024));
        Assert.That(checkpointPages * pageBytes, Is.EqualTo(16 * 1024 * 1024));
    }

    private static long Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long value ? value : 0;
    }
}
