using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Sync;

namespace Pds.IntegrationTests.Stores;

/// <summary>Events that an earlier version kept as whole frames become bodies.</summary>
internal sealed class EventBodiesTests
{
    private const int Events = 2500; // more than two steps
    private static readonly IdentityEvent Event = new(Did.Parse("did:web:alice.example.com"), Handle.Parse("alice.example.com"));

    private string _folder = null!;
    private SqliteDatabase _database = null!;

    [SetUp]
    public async Task MakeDatabaseAsync()
    {
        _folder = Directory.CreateTempSubdirectory("pds-bodies-").FullName;
        _database = new SqliteDatabase($"Data Source={Path.Combine(_folder, "pds.sqlite")}", SqliteDurability.ProcessCrash);
        await MigrateAsync("Trust");
        using SqliteConnection connection = _database.Open();
        using SqliteTransaction transaction = connection.BeginTransaction();
        for (int seq = 1; seq <= Events; seq++)
        {
            using SqliteCommand insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "INSERT INTO event (seq, time, account_id, frame) VALUES ($seq, $time, 0, $frame)";
            insert.Parameters.AddWithValue("$seq", seq);
            insert.Parameters.AddWithValue("$time", TimeOf(seq).ToUnixTimeMilliseconds());
            insert.Parameters.AddWithValue("$frame", EventFrame.Encode(Event, seq, TimeOf(seq)));
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    [TearDown]
    public void DeleteDatabase()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Frames_OfAnEarlierVersion_BecomeBodiesThatGiveTheSameFrames()
    {
        await MigrateAsync(null);

        CarryOver();

        AssertAllAreBodies();
        using var readers = new ReadPool(_database.Open);
        using ReadLease lease = readers.Rent();
        Assert.That(
            lease.Part<EventReader>().Read(0, Events, Events, int.MaxValue).Frames.Select(frame => Convert.ToHexString(frame.Frame.Span)),
            Is.EqualTo(Enumerable.Range(1, Events).Select(seq => Convert.ToHexString(EventFrame.Encode(Event, seq, TimeOf(seq))))));
    }

    // A process may end behind any step.
    [Test]
    public async Task CarryOver_WhenAnEarlierOneEndedOnTheWay_GoesOnWhereItWas()
    {
        await MigrateAsync(null);
        using (SqliteConnection connection = _database.Open())
        {
            using SqliteCommand update = connection.CreateCommand();
            update.CommandText = "UPDATE event SET body = $body WHERE seq <= 1000; UPDATE server_check SET value = $position WHERE name = 'event_bodies'";
            update.Parameters.AddWithValue("$body", EventBody.Encode(Event));
            update.Parameters.AddWithValue("$position", Encoding.ASCII.GetBytes("1000"));
            update.ExecuteNonQuery();
        }

        CarryOver();

        AssertAllAreBodies();
    }

    [Test]
    public async Task Migrate_OfAnEmptyLog_LeavesNothingToDo()
    {
        Query("DELETE FROM event");

        await MigrateAsync(null);

        Assert.That(Query("SELECT count(*) FROM server_check"), Is.Zero);
    }

    private void AssertAllAreBodies()
    {
        string body = Convert.ToHexString(EventBody.Encode(Event));
        Assert.That(Query($"SELECT count(*) FROM event WHERE hex(body) = '{body}'"), Is.EqualTo(Events));
        Assert.That(Query("SELECT count(*) FROM server_check WHERE name = 'event_bodies'"), Is.Zero);
    }

    private static DateTimeOffset TimeOf(int seq) => DateTimeOffset.UnixEpoch.AddSeconds(seq);

    private void CarryOver()
    {
        using SqliteConnection connection = _database.Open();
        new EventBodies(NullLogger<EventBodies>.Instance).Apply(connection, SqliteDialect.Instance);
    }

    private async Task MigrateAsync(string? target)
    {
        await using PdsDbContext context = new(new DbContextOptionsBuilder<PdsDbContext>().UseSqlite(_database.ConnectionString).Options);
        await context.GetService<IMigrator>().MigrateAsync(target);
    }

    private long Query(string sql)
    {
        using SqliteConnection connection = _database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
