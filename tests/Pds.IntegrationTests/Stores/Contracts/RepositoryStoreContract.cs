using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class RepositoryStoreContract : StoreContract
{
    private readonly CancellationToken _never = CancellationToken.None;

    [Test]
    public async Task Write_WhenTwoWritersGoOn_MakesOneChainOfCommits()
    {
        Did did = (await CreateAccountAsync()).Did;
        Commit first = (await Store<IRepositoryStore>().FindHeadAsync(did, _never))!;

        RepositoryChange[][] changes = await RaceAsync(writer => Task.WhenAll(Enumerable.Range(0, 60).Select(async i => (await WriteAsync(writer, did, Create($"w{writer}-{i}", i)))!)));

        Dictionary<Cid, RepositoryChange> byPrevious = changes.SelectMany(each => each).ToDictionary(change => change.Previous!.Cid);
        Commit last = first;
        int length = 0;
        for (; byPrevious.TryGetValue(last.Cid, out RepositoryChange? next); last = next.Commit)
        {
            Assert.That(next.Commit.Rev, Is.GreaterThan(last.Rev));
            length++;
        }

        Assert.That(length, Is.EqualTo(120));
        await RequireHeadAsync(did, last, records: 120);
    }

    [Test]
    public Task Write_WhenBothCreateOneRecord_OneWins() => OneWinsAsync(RequestErrors.InvalidRequest, async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        return writer => WriteAsync(writer, did, Create("one", writer));
    });

    [Test]
    public Task Write_WhenBothDeleteOneRecord_OneWins() => OneWinsAsync(RequestErrors.InvalidRequest, async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        await WriteAsync(0, did, Create("one"));
        return writer => WriteAsync(writer, did, RecordWrite.Delete(PathOf("one")));
    });

    [Test]
    public Task Write_WhenBothBuildUponOneHead_OneWins() => OneWinsAsync(RepositoryErrors.InvalidSwap, async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        Cid head = (await Store<IRepositoryStore>().FindHeadAsync(did, _never))!.Cid;
        return writer => Store<IRepositoryStore>(writer).WriteAsync(
            did,
            (repository, _) =>
            {
                repository.RequireHead(head);
                return new(repository.Apply([Create($"w{writer}")]));
            },
            _never);
    });

    [Test]
    public async Task Write_WhenTheOtherWriterMovedTheHead_JudgesOnTheNewOne()
    {
        Did did = (await CreateAccountAsync()).Did;

        for (int i = 0; i < 10; i++)
        {
            RepositoryChange change = (await WriteAsync(i % 2, did, Create($"k{i}", i)))!;

            Assert.That(change.Tree.Walk().Count(), Is.EqualTo(i + 1));
        }
    }

    [Test]
    public async Task Write_WhenNothingIsToBeDone_LeavesTheHead()
    {
        Did did = (await CreateAccountAsync()).Did;
        RepositoryChange made = (await WriteAsync(1, did, Create("a")))!;

        RepositoryChange? change = await Store<IRepositoryStore>().WriteAsync(did, (_, _) => new((RepositoryChange?)null), _never);

        Assert.That(change, Is.Null);
        await RequireHeadAsync(did, made.Commit, records: 1);
    }

    [Test]
    public async Task Write_WhenThereIsNoSuchAccount_AnswersRepoNotFound()
    {
        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => WriteAsync(0, Did.Parse("did:web:nobody.example.com"), Create("a")))!;

        Assert.That(refusal.Error, Is.EqualTo(RepositoryErrors.RepoNotFound));
        Assert.That(await Store<IRepositoryStore>().FindHeadAsync(Did.Parse("did:web:nobody.example.com"), _never), Is.Null);
        Assert.That(await Store<IRepositoryStore>().OpenSnapshotAsync(Did.Parse("did:web:nobody.example.com"), _never), Is.Null);
    }

    [Test]
    public async Task Write_WhenBuildRefuses_KeepsNothingAndLetsTheNextOnePass()
    {
        Did did = (await CreateAccountAsync()).Did;

        Assert.ThrowsAsync<XrpcException>(() => WriteAsync(0, did, Create("b"), RecordWrite.Delete(PathOf("a"))));
        RepositoryChange change = (await WriteAsync(0, did, Create("a")))!;

        await RequireHeadAsync(did, change.Commit, records: 1);
    }

    [Test]
    public async Task Snapshot_WhenTakenDuringWrites_IsAlwaysOneCommit()
    {
        Did did = (await CreateAccountAsync()).Did;

        await RaceAsync(async writer =>
        {
            for (int i = 0; i < 40; i++)
            {
                if (writer == 0)
                {
                    await WriteAsync(0, did, Create($"k{i}", i));
                    continue;
                }

                await using IRepositorySnapshot snapshot = (await Store<IRepositoryStore>(1).OpenSnapshotAsync(did, _never))!;
                Assert.That((RootOf(snapshot), snapshot.Tree.Root), Is.EqualTo((snapshot.Head.Data, snapshot.Head.Data)));
            }
        });
    }

    [Test]
    public async Task Snapshot_WhenAWriterGoesOn_StaysAsItWas()
    {
        Did did = (await CreateAccountAsync()).Did;
        await WriteAsync(0, did, [.. Enumerable.Range(0, 60).Select(i => Create($"k{i}", i))]);

        await using IRepositorySnapshot snapshot = (await Store<IRepositoryStore>().OpenSnapshotAsync(did, _never))!;
        for (int i = 0; i < 60; i++)
        {
            await WriteAsync(1, did, RecordWrite.Delete(PathOf($"k{i}")));
        }

        Assert.That(snapshot.Tree.WalkPreOrder().Count(step => step.Entry is not null), Is.EqualTo(60));
        Assert.That(RootOf(snapshot), Is.EqualTo(snapshot.Head.Data));
    }

    [Test]
    public async Task FindBlock_FindsCommitNodesAndRecordsOfTheHeadOnly()
    {
        Did did = (await CreateAccountAsync()).Did;
        RepositoryChange first = (await WriteAsync(0, did, Create("a", 1)))!;
        RepositoryChange second = (await WriteAsync(1, did, RecordWrite.Update(PathOf("a"), Thing(2))))!;

        await using IRepositorySnapshot snapshot = (await Store<IRepositoryStore>().OpenSnapshotAsync(did, _never))!;

        Cid[] found = [second.Commit.Cid, second.Commit.Data, Thing(2).Cid];
        Cid[] gone = [first.Commit.Cid, first.Commit.Data, Thing(1).Cid];
        Assert.That(found.All(cid => cid.Matches(snapshot.FindBlock(cid)!.Value.Span)), Is.True);
        Assert.That(gone.Any(cid => snapshot.FindBlock(cid) is not null), Is.False);
    }

    private static Cid RootOf(IRepositorySnapshot snapshot) =>
        MstTree.Build(snapshot.ReadRecords().Select(record => new MstEntry(record.Path, record.Cid)), default).Root;

    private async Task RequireHeadAsync(Did did, Commit head, int records)
    {
        await using IRepositorySnapshot snapshot = (await Store<IRepositoryStore>(1).OpenSnapshotAsync(did, _never))!;
        Assert.That((await Store<IRepositoryStore>().FindHeadAsync(did, _never))!.Cid, Is.EqualTo(head.Cid));
        Assert.That((snapshot.Head.Cid, snapshot.ReadRecords().Count()), Is.EqualTo((head.Cid, records)));
        Assert.That(RootOf(snapshot), Is.EqualTo(head.Data));
    }
}
