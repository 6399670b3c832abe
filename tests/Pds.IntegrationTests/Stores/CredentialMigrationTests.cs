using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests.Stores;

/// <summary>A database of the first version gets its foreign keys: what belongs to nobody goes, all else stays.</summary>
internal sealed class CredentialMigrationTests
{
    private const string Schema = "SELECT sql AS Value FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '%EFMigrationsLock%' ORDER BY name";

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pds-migration-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Migrate_OfTheFirstVersion_DropsOrphansAndKeepsTheRest()
    {
        await using PdsDbContext context = new(new DbContextOptionsBuilder<PdsDbContext>()
            .UseSqlite($"Data Source={Path.Combine(_folder, "pds.sqlite")};Pooling=False;Foreign Keys=True").Options);
        await context.GetService<IMigrator>().MigrateAsync("Initial");
        await FillAsync(context);

        await context.Database.MigrateAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await ReadAsync(context, "SELECT id AS Value FROM refresh_token ORDER BY id"), Is.EqualTo(new[] { "app", "full" }));
            Assert.That(await ReadAsync(context, "SELECT did || name AS Value FROM app_password"), Is.EqualTo(new[] { "did:plc:aone" }));
            Assert.That(await ReadAsync(context, "SELECT json AS Value FROM preference"), Is.EqualTo(new[] { "kept" }));
            Assert.That(await ReadAsync(context, "SELECT handle || sign_in_epoch AS Value FROM account"), Is.EqualTo(new[] { "a.test0" }));
            Assert.That(await ReadAsync(context, "SELECT \"table\" AS Value FROM pragma_foreign_key_check"), Is.Empty);
        }

        await context.Database.ExecuteSqlRawAsync("DELETE FROM account");
        Assert.That(await ReadAsync(context, "SELECT id AS Value FROM refresh_token UNION ALL SELECT did FROM app_password UNION ALL SELECT json FROM preference"), Is.Empty);
    }

    // A process may end at any time: all of a migration is kept, or nothing.
    [Test]
    public async Task Migrate_WhenItFailsOnTheWay_LeavesTheDatabaseAsItWas()
    {
        await using PdsDbContext context = new(new DbContextOptionsBuilder<PdsDbContext>()
            .UseSqlite($"Data Source={Path.Combine(_folder, "pds.sqlite")};Pooling=False;Foreign Keys=True").Options);
        await context.GetService<IMigrator>().MigrateAsync("Initial");
        await FillAsync(context);
        List<string> before = await ReadAsync(context, Schema);
        await context.Database.ExecuteSqlRawAsync("CREATE TABLE ef_temp_trusted_browser (x)"); // the last table that is copied

        Assert.That(() => context.Database.MigrateAsync(), Throws.Exception);

        await context.Database.ExecuteSqlRawAsync("DROP TABLE ef_temp_trusted_browser");
        Assert.That(await ReadAsync(context, Schema), Is.EqualTo(before));
        Assert.That(await ReadAsync(context, "SELECT id AS Value FROM refresh_token"), Has.Count.EqualTo(4));
        await context.Database.MigrateAsync();
    }

    private static async Task FillAsync(PdsDbContext context)
    {
        const string account = "INSERT INTO account (did, handle, email_auth_factor, invites_disabled, created_at, signing_key, signing_curve) VALUES ('did:plc:a', 'a.test', 0, 0, 1, x'01', 0)";
        string[] rows =
        [
            account,
            "INSERT INTO app_password (did, name, password_hash, created_at, privileged) VALUES ('did:plc:a', 'one', 'h', 1, 0), ('did:plc:gone', 'two', 'h', 1, 1)",
            "INSERT INTO refresh_token (id, did, expires_at, app_password_name) VALUES ('full', 'did:plc:a', 9, NULL), ('app', 'did:plc:a', 9, 'one'), ('revoked', 'did:plc:a', 9, 'old'), ('gone', 'did:plc:gone', 9, NULL)",
            "INSERT INTO preference (did, type, json) VALUES ('did:plc:a', 'app.bsky', 'kept'), ('did:plc:gone', 'app.bsky', 'orphan')",
        ];
        foreach (string row in rows)
        {
            await context.Database.ExecuteSqlRawAsync(row);
        }
    }

    private static Task<List<string>> ReadAsync(PdsDbContext context, string sql) => context.Database.SqlQueryRaw<string>(sql).ToListAsync();
}
