using Pds.Application.Repositories;
using Pds.Application.Sync;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;

namespace Pds.IntegrationTests.Stores;

internal sealed class RepositoryStoreTests
{
    private static readonly CheckpointPolicy CheckpointAlways = new() { UnsavedBytes = 1 };

    [Test]
    public async Task Write_WhenItReturns_IsVisibleToReadersAndAnnounced()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();

        RepositoryChange change = await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1)));

        Commit? head = await fixture.Store.FindHeadAsync(did, default);
        StoredRecord? record = await fixture.Records.FindAsync(did, StoreFixture.PathOf(1), default);
        IReadOnlyList<SequencedFrame> frames = await fixture.Events.ReadAsync(0, default);
        Assert.Multiple(() =>
        {
            Assert.That(head!.Cid, Is.EqualTo(change.Commit.Cid));
            Assert.That(record!.Record, Is.EqualTo(StoreFixture.Thing(1)));
            Assert.That(frames.Select(frame => frame.Seq), Is.EqualTo(new long[] { 1, 2 }));
        });
    }

    [Test]
    public async Task Write_WhenThereIsNoSuchAccount_AnswersRepoNotFound()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();

        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => fixture.WriteAsync(Did.Parse("did:web:nobody.example.com")))!;

        Assert.That(refusal.Error, Is.EqualTo(RepositoryErrors.RepoNotFound));
    }

    [Test]
    public async Task Write_WhenBuildRefuses_KeepsNothingAndLetsTheNextOnePass()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();

        Assert.ThrowsAsync<XrpcException>(() => fixture.WriteAsync(did, RecordWrite.Delete(StoreFixture.PathOf(1))));
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1)));

        Assert.That(fixture.Events.LastSeq, Is.EqualTo(2));
    }

    // The account's status or key has changed in between, in another process or in this one.
    [Test]
    public async Task Write_BuiltInAnEarlierEpoch_IsBuiltAnew()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        int built = 0;

        RepositoryChange? change = await fixture.Store.WriteAsync(
            did,
            async (repository, _) =>
            {
                if (built++ == 0)
                {
                    await fixture.Queue.ChangeAsync(transaction =>
                    {
                        transaction.Part<RepositoryWriter>().RaiseEpoch(fixture.Scalar("SELECT account_id FROM repo"));
                        return true;
                    });
                }

                return repository.Apply([RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1))]);
            },
            CancellationToken.None);

        Commit? head = await fixture.Store.FindHeadAsync(did, default);
        Assert.Multiple(() =>
        {
            Assert.That(built, Is.EqualTo(2));
            Assert.That(head!.Cid, Is.EqualTo(change!.Commit.Cid));
            Assert.That(fixture.Scalar("SELECT epoch FROM repo"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Write_WhenManyWriteAtOnce_MakesOneChainOfCommits()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync(CheckpointAlways);
        Did did = await fixture.CreateRepositoryAsync();

        RepositoryChange[] changes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
            fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i))))));

        Dictionary<Tid, RepositoryChange> byPrevious = changes.ToDictionary(change => change.Previous!.Rev);
        Commit head = (await fixture.Store.FindHeadAsync(did, default))!;
        Tid rev = changes.Min(change => change.Previous!.Rev);
        int length = 0;
        for (; byPrevious.TryGetValue(rev, out RepositoryChange? next); rev = next.Commit.Rev)
        {
            length++;
        }

        Assert.Multiple(() =>
        {
            Assert.That(length, Is.EqualTo(200));
            Assert.That(rev, Is.EqualTo(head.Rev));
            Assert.That(fixture.Events.LastSeq, Is.EqualTo(201));
        });
    }

    [Test]
    public async Task Write_WhenAnotherProcessMovedTheHead_BuildsAgainOnTheNewOne()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1)));
        await using StoreFixture other = await fixture.ReopenAsync();
        await other.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(2), StoreFixture.Thing(2)));

        RepositoryChange change = await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(3), StoreFixture.Thing(3)));

        Assert.Multiple(() =>
        {
            Assert.That(change.Tree.Walk().Count(), Is.EqualTo(3));
            Assert.That(fixture.Scalar("SELECT count(*) FROM event"), Is.EqualTo(4));
        });
    }

    [Test]
    public async Task Checkpoint_WhenDone_HasLeftExactlyTheNodesOfTheTree()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync(new CheckpointPolicy { UnsavedBytes = 20_000 });
        Did did = await fixture.CreateRepositoryAsync();
        var random = new Random(7);
        var live = new HashSet<int>();
        RepositoryChange? last = null;
        for (int i = 0; i < 400; i++)
        {
            int key = random.Next(150);
            last = await fixture.WriteAsync(did, live.Add(key)
                ? RecordWrite.Create(StoreFixture.PathOf(key), StoreFixture.Thing(i))
                : live.Remove(key) ? RecordWrite.Delete(StoreFixture.PathOf(key)) : throw new InvalidOperationException());
        }

        await fixture.CheckpointAsync();

        string[] expected = [.. last!.Tree.WalkPreOrder().Where(step => step.Node is not null).Select(step => step.Node!.Cid.ToString()).Order()];
        await using StoreFixture reopened = await fixture.ReopenAsync();
        await using IRepositorySnapshot snapshot = (await reopened.Store.OpenSnapshotAsync(did, default))!;
        string[] stored = [.. snapshot.Tree.WalkPreOrder().Where(step => step.Node is not null).Select(step => step.Node!.Cid.ToString()).Order()];
        Assert.Multiple(() =>
        {
            Assert.That(stored, Is.EqualTo(expected));
            Assert.That(fixture.Scalar("SELECT count(*) FROM mst_node"), Is.EqualTo(expected.Length));
        });
    }

    [TestCase(int.MaxValue, 0, TestName = "Retire_WhenThereIsRoom_LeavesTheNodesInMemory")]
    [TestCase(20_000, 1, TestName = "Retire_WhenNodesTakeTooMuch_GivesUpThoseLeastRecentlyUsed")]
    [TestCase(1, 2, TestName = "Retire_WhenThereIsNoRoom_GivesUpAll")]
    public async Task Retire(int loadedBytes, int givenUp)
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync(new CheckpointPolicy { LoadedBytes = loadedBytes });
        Did[] dids = [await fixture.CreateRepositoryAsync("older"), await fixture.CreateRepositoryAsync("newer")];
        foreach (Did did in dids)
        {
            await fixture.WriteAsync(did, [.. Enumerable.Range(0, 200).Select(i => RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)))]);
            await fixture.WriteAsync(did, RecordWrite.Delete(StoreFixture.PathOf(7)));
        }

        await fixture.RetireUnusedAsync();

        // What is given up was checkpointed before, what stays is one commit ahead of its checkpoint.
        List<bool> areCheckpointed = [];
        foreach (Did did in dids)
        {
            object? checkpoint = fixture.Query($"SELECT hex(checkpoint) FROM repo JOIN account ON id = account_id WHERE did = '{did}'");
            RepositoryChange next = await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(7), StoreFixture.Thing(7)));
            areCheckpointed.Add(checkpoint is string root && root == Convert.ToHexString(next.Previous!.Data.ToArray()));
        }

        Assert.That(areCheckpointed, Is.EqualTo(new[] { givenUp > 0, givenUp > 1 }));
    }

    [Test]
    public async Task Reopen_WhenNothingWasCheckpointed_BuildsTheTreeFromTheRecords()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        RepositoryChange last = await fixture.WriteAsync(did, [.. Enumerable.Range(0, 100).Select(i => RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)))]);

        await using StoreFixture reopened = await fixture.ReopenAsync();
        RepositoryChange next = await reopened.WriteAsync(did, RecordWrite.Delete(StoreFixture.PathOf(50)));

        Assert.Multiple(() =>
        {
            Assert.That(next.Previous!.Cid, Is.EqualTo(last.Commit.Cid));
            Assert.That(next.Tree.Walk().Count(), Is.EqualTo(99));
        });
    }

    [Test]
    public async Task Write_WhenStoredNodesAreLost_BuildsTheTreeFromTheRecords()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        await fixture.WriteAsync(did, [.. Enumerable.Range(0, 100).Select(i => RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)))]);
        await fixture.CheckpointAsync();
        fixture.Scalar("DELETE FROM mst_node");

        await using StoreFixture reopened = await fixture.ReopenAsync();
        RepositoryChange change = await reopened.WriteAsync(did, RecordWrite.Delete(StoreFixture.PathOf(50)));

        Assert.That(change.Tree.Walk().Count(), Is.EqualTo(99));
    }

    [Test]
    public async Task Snapshot_WhenWritesAndCheckpointsGoOn_StaysAsItWas()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync(CheckpointAlways);
        Did did = await fixture.CreateRepositoryAsync();
        await fixture.WriteAsync(did, [.. Enumerable.Range(0, 150).Select(i => RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)))]);
        await fixture.CheckpointAsync();
        await using StoreFixture reopened = await fixture.ReopenAsync(CheckpointAlways);

        await using IRepositorySnapshot snapshot = (await reopened.Store.OpenSnapshotAsync(did, default))!;
        for (int i = 0; i < 150; i++)
        {
            await reopened.WriteAsync(did, RecordWrite.Delete(StoreFixture.PathOf(i)));
        }

        MstTree rebuilt = MstTree.Build(snapshot.ReadRecords().Select(record => new MstEntry(record.Path, record.Cid)), default);
        Assert.Multiple(() =>
        {
            Assert.That(snapshot.Tree.Walk().Count(), Is.EqualTo(150));
            Assert.That(snapshot.Tree.WalkPreOrder().Count(step => step.Entry is not null), Is.EqualTo(150));
            Assert.That(rebuilt.Root, Is.EqualTo(snapshot.Head.Data));
        });
    }

    [Test]
    public async Task Snapshot_WhenTakenDuringWrites_IsAlwaysOneCommit()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync(CheckpointAlways);
        Did did = await fixture.CreateRepositoryAsync();
        using var stop = new CancellationTokenSource();
        Task writer = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)));
            }
        });

        for (int i = 0; i < 50; i++)
        {
            await using IRepositorySnapshot snapshot = (await fixture.Store.OpenSnapshotAsync(did, default))!;
            MstTree rebuilt = MstTree.Build(snapshot.ReadRecords().Select(record => new MstEntry(record.Path, record.Cid)), default);
            Assert.That(rebuilt.Root, Is.EqualTo(snapshot.Head.Data));
            Assert.That(snapshot.Tree.Root, Is.EqualTo(snapshot.Head.Data));
        }

        await stop.CancelAsync();
        await writer;
    }

    [Test]
    public async Task FindBlock_FindsCommitNodesAndRecordsOfTheHeadOnly()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        RepositoryChange first = await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(1), StoreFixture.Thing(1)));
        RepositoryChange second = await fixture.WriteAsync(did, RecordWrite.Update(StoreFixture.PathOf(1), StoreFixture.Thing(2)));

        await using IRepositorySnapshot snapshot = (await fixture.Store.OpenSnapshotAsync(did, default))!;

        Cid[] found = [second.Commit.Cid, second.Commit.Data, StoreFixture.Thing(2).Cid];
        Cid[] gone = [first.Commit.Cid, first.Commit.Data, StoreFixture.Thing(1).Cid];
        Assert.Multiple(() =>
        {
            Assert.That(found.All(cid => cid.Matches(snapshot.FindBlock(cid)!.Value.Span)), Is.True);
            Assert.That(gone.Any(cid => snapshot.FindBlock(cid) is not null), Is.False);
        });
    }

    [Test]
    public async Task List_GivesPagesInBothDirections()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        RecordPath other = new(Nsid.Parse("com.example.thing2"), RecordKey.Parse("k1"));
        await fixture.WriteAsync(did, [.. Enumerable.Range(1, 5).Select(i => RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i))), RecordWrite.Create(other, StoreFixture.Thing(9))]);
        Nsid collection = Nsid.Parse("com.example.thing");

        async Task<string> Keys(string? cursor, bool reverse) =>
            string.Join(' ', (await fixture.Records.ListAsync(did, collection, 2, int.MaxValue, cursor, reverse, default)).Select(record => record.Path.Key));

        Assert.Multiple(async () =>
        {
            Assert.That(await Keys(null, false), Is.EqualTo("k5 k4"));
            Assert.That(await Keys("k4", false), Is.EqualTo("k3 k2"));
            Assert.That(await Keys(null, true), Is.EqualTo("k1 k2"));
            Assert.That(await Keys("k4", true), Is.EqualTo("k5"));
            Assert.That(await fixture.Records.ListCollectionsAsync(did, default), Is.EqualTo(new[] { collection, other.Collection }));
        });
    }
}
