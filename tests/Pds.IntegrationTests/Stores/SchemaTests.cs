using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Pds.Infrastructure.Persistence;

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
    public async Task Sqlite_IsTheOneOfTheSystemWhereThereIsOne()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();

        string used = Convert.ToString(fixture.Query("SELECT sqlite_version()"), CultureInfo.InvariantCulture)!;

        if (!NativeLibrary.TryLoad("libsqlite3.so.0", out nint library))
        {
            Requirement.IsMissing("This system has no SQLite of its own: install libsqlite3-0.");
        }

        Assert.That(used, Is.EqualTo(VersionOf(library)));
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

    private static unsafe string VersionOf(nint library) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "sqlite3_libversion"))())!;
}
