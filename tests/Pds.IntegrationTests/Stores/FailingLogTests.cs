using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Pds.Application.Repositories;
using Pds.Application.Sync;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.Infrastructure.Sync;

namespace Pds.IntegrationTests.Stores;

/// <summary>Transactions, checkpoints and disks that fail.</summary>
internal sealed class FailingLogTests
{
    private static readonly CheckpointPolicy CheckpointAlways = new() { UnsavedBytes = 1 };

    [Test]
    public async Task Group_WhenItsCommitFails_IsLostAloneAndLeavesNoGap()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        fixture.Query("CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);");
        using var held = new HeldQueue();
        await fixture.Queue.EnqueueAsync(held);
        var good = new Announce(did);
        var orphan = new Sql("INSERT INTO child (id) VALUES (1)");    // what is deferred fails the COMMIT
        await fixture.Queue.EnqueueAsync(good);
        await fixture.Queue.EnqueueAsync(orphan);

        held.Release();
        await held.Durable;
        Exception? lost = Assert.CatchAsync(() => good.Durable);
        RepositoryChange next = await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1)));

        IReadOnlyList<SequencedFrame> frames = await fixture.Events.ReadAsync(0, default);
        Assert.Multiple(() =>
        {
            Assert.That(lost, Is.InstanceOf<SqliteException>());
            Assert.That(orphan.Durable.IsFaulted, Is.True);
            Assert.That(next.Commit.Did, Is.EqualTo(did));
            Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(new long[] { 1, 2 }));
            Assert.That(fixture.Scalar("SELECT count(*) FROM child"), Is.Zero);
        });
    }

    // The end of a transaction may fail after it was kept; nobody has published its events then.
    [Test]
    public async Task Events_OfATransactionThatWasKeptAlthoughItFailed_AreRead()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        fixture.Query("CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);");
        fixture.OnOpen = transaction => Run(transaction, "INSERT INTO event (seq, time, account_id, body) SELECT seq + 1, time, account_id, body FROM event ORDER BY seq DESC LIMIT 1");

        Assert.CatchAsync(async () => await fixture.Queue.AppendAsync(new Sql("INSERT INTO child (id) VALUES (1)")));
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1)));

        IReadOnlyList<SequencedFrame> frames = await fixture.Events.ReadAsync(0, default);
        Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(new long[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Snapshot_OlderThanItMayBe_Expires()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync(maxSnapshotAge: TimeSpan.FromMilliseconds(1));
        Did did = await fixture.CreateRepositoryAsync();
        await using IRepositorySnapshot snapshot = (await fixture.Store.OpenSnapshotAsync(did, default))!;
        TaskCompletionSource expired = new();
        await using CancellationTokenRegistration registration = snapshot.Expired.Register(expired.SetResult);

        await expired.Task.WaitAsync(Patience.Long);

        Assert.That(snapshot.Expired.IsCancellationRequested, Is.True);
    }

    // Pitfall M 217. A full disk may end the whole transaction, as ROLLBACK does here.
    [TestCase("ABORT")]
    [TestCase("ROLLBACK")]
    public async Task Write_WhenTheCheckpointBehindItFails_IsAnsweredAsKept(string outcome)
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync(CheckpointAlways);
        Did did = await fixture.CreateRepositoryAsync();
        fixture.Query($"CREATE TRIGGER no_nodes BEFORE INSERT ON mst_node BEGIN SELECT RAISE({outcome}, 'no nodes'); END");

        for (int i = 0; i < 5; i++)
        {
            await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)));
        }

        long nodesMeanwhile = fixture.Scalar("SELECT count(*) FROM mst_node");
        fixture.Query("DROP TRIGGER no_nodes");
        RepositoryChange last = await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(9), StoreFixture.Thing(9)));
        await fixture.CheckpointAsync();
        Assert.Multiple(() =>
        {
            Assert.That(nodesMeanwhile, Is.Zero);
            Assert.That(fixture.Events.LastSeq, Is.EqualTo(7));
            Assert.That(fixture.Scalar("SELECT count(*) FROM mst_node"), Is.EqualTo(last.Tree.WalkPreOrder().Count(step => step.Node is not null)));
            Assert.That(fixture.Scalar("SELECT count(*) FROM repo WHERE checkpoint IS NOT NULL"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Write_WhenItChangesNothing_IsNotAnsweredBeforeTheCommitThatItSaw()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1)));
        using var held = new HeldQueue();
        await fixture.Queue.EnqueueAsync(held);
        Cid? seen = null;

        Task<RepositoryChange> first = fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(2), StoreFixture.Thing(2)));
        Task<RepositoryChange?> nothing = fixture.Store.WriteAsync(
            did,
            (repository, _) =>
            {
                seen = repository.Head!.Cid;
                return new((RepositoryChange?)null);
            },
            default);
        bool answeredEarly = nothing.IsCompleted;
        held.Release();
        await nothing;

        Assert.That(seen, Is.EqualTo((await first).Commit.Cid));
        Assert.That(answeredEarly, Is.False);
    }

    [TestCase("UPDATE record SET cid = (SELECT cid FROM record WHERE path LIKE '%/k2') WHERE path LIKE '%/k1'", TestName = "Open_WhenARecordWasAltered_IsRefused")]
    [TestCase("DELETE FROM record WHERE path LIKE '%/k1'", TestName = "Open_WhenARecordWasRemoved_IsRefused")]
    public async Task Open_WhenTheRecordsAreNotThoseOfTheHead_IsRefused(string sql)
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(20), StoreFixture.Thing(20)));    // the first write of a lane is checkpointed, the next is not
        await fixture.WriteAsync(did, [.. Enumerable.Range(0, 10).Select(i => RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)))]);
        fixture.Query(sql);

        await using StoreFixture reopened = await fixture.ReopenAsync();

        Assert.ThrowsAsync<InvalidDataException>(() => reopened.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(11), StoreFixture.Thing(11))));
        Assert.ThrowsAsync<InvalidDataException>(() => reopened.Store.OpenSnapshotAsync(did, default));
    }

    [Test]
    public async Task Write_WhenTheDiskIsFull_IsRefusedUntilThereIsRoom()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        var retry = new FullDiskRetry(fixture.Disk, fixture.Queue, TimeProvider.System, NullLogger<FullDiskRetry>.Instance);
        string limit = $"PRAGMA max_page_count = {fixture.Scalar("PRAGMA page_count")}";
        fixture.OnOpen = transaction => Run(transaction, limit);
        await fixture.Queue.AppendAsync(new Sql(limit));

        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => WriteLargeAsync(1))!;
        await retry.RetryAsync();
        bool isFullMeanwhile = fixture.Disk.IsFull;
        fixture.OnOpen = static _ => { };
        await fixture.Queue.AppendAsync(new Sql("PRAGMA max_page_count = 1000000"));
        await retry.RetryAsync();
        bool isFullAfterwards = fixture.Disk.IsFull;
        RepositoryChange kept = await WriteLargeAsync(2);

        IReadOnlyList<SequencedFrame> frames = await fixture.Events.ReadAsync(0, default);
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Error, Is.EqualTo(RequestErrors.InsufficientStorage));
            Assert.That(isFullMeanwhile, Is.True);
            Assert.That(isFullAfterwards, Is.False);
            Assert.That(kept.Tree.Walk().Count(), Is.EqualTo(1));
            Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(new long[] { 1, 2 }));
            Assert.That(fixture.Scalar("SELECT count(*) FROM record"), Is.EqualTo(1));
        });

        Task<RepositoryChange> WriteLargeAsync(int key) => fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(key), StoreFixture.LargeThing(600_000)));
    }

    [Test]
    public async Task Log_AfterASnapshotThatWasHeldLong_IsCutBack()
    {
        const int MaxLogBytes = 32 * 1024 * 1024;
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        long longest;
        await using (await fixture.Store.OpenSnapshotAsync(did, default))
        {
            for (int i = 0; i < 40; i++)
            {
                await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.LargeThing(900_000)));
            }

            longest = fixture.LogBytes;
        }

        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(100), StoreFixture.Thing(1)));
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(101), StoreFixture.Thing(2)));

        Assert.That(longest, Is.GreaterThan(MaxLogBytes));
        Assert.That(fixture.LogBytes, Is.LessThanOrEqualTo(MaxLogBytes));
    }

    [Test]
    public async Task Events_WhenOneIsLargerThanThePage_SayWhatItNeeds()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.LargeThing(100_000)));
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(2), StoreFixture.Thing(2)));
        await using StoreFixture reopened = await fixture.ReopenAsync();

        foreach (EventLog events in new[] { fixture.Events, reopened.Events })
        {
            EventPage first = await events.ReadAsync(0, 10_000, default);
            EventPage large = await events.ReadAsync(1, 10_000, default);
            EventPage whole = await events.ReadAsync(1, large.NeededBytes, default);

            Assert.Multiple(() =>
            {
                Assert.That(first.Frames.Select(frame => frame.Seq), Is.EqualTo(new long[] { 1 }));
                Assert.That((large.Frames.Count, large.NeededBytes > 100_000), Is.EqualTo((0, true)));
                Assert.That(whole.Frames.Select(frame => frame.Seq), Is.EqualTo(new long[] { 2 }));
            });
        }
    }

    private static void Run(WriteTransaction transaction, string sql)
    {
        using System.Data.Common.DbCommand command = transaction.Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class Sql(string sql) : QueuedWrite
    {
        public override int Weight => 0;

        public override void Write(WriteTransaction transaction) => Run(transaction, sql);
    }

    private sealed class Announce(Did did) : QueuedWrite
    {
        public override int Weight => 0;

        public override void Write(WriteTransaction transaction) => transaction.Part<EventWriter>().Append(EventRow.NoAccount, new IdentityEvent(did, null));
    }
}
