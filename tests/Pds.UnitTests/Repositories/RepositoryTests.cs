using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace Pds.UnitTests.Repositories;

internal sealed class RepositoryTests
{
    [Test]
    public void Apply_WhenFirstCommitIsEmpty_CarriesCommitAndEmptyRoot()
    {
        Repository repository = Given.NewRepository();

        RepositoryChange change = repository.Apply([]);

        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(change.Blocks);
        Assert.Multiple(() =>
        {
            Assert.That(change.Previous, Is.Null);
            Assert.That(change.Ops, Is.Empty);
            Assert.That(change.Commit.Data, Is.EqualTo(WorkedExample.Data));
            Assert.That(change.Blocks.Length, Is.EqualTo(329));
            Assert.That(roots, Is.EqualTo(new[] { change.Commit.Cid }));
            Assert.That(blocks.Keys, Is.EqualTo(new[] { change.Commit.Cid, WorkedExample.Data }));
        });
    }

    [Test]
    public void Apply_WhenNothingIsWritten_KeepsTheTreeAndCarriesItsRoot()
    {
        Repository repository = Given.Repository(Given.Path("a"), Given.Path("b"));

        RepositoryChange change = repository.Apply([]);

        Assert.Multiple(() =>
        {
            Assert.That(change.Commit.Data, Is.EqualTo(repository.Head!.Data));
            Assert.That(change.Commit.Rev, Is.GreaterThan(repository.Head.Rev));
            Assert.That(CarReader.ReadAll(change.Blocks).Blocks.Keys, Is.EqualTo(new[] { change.Commit.Cid, change.Commit.Data }));
        });
    }

    [Test]
    public void Apply_WhenWritesAreMixed_TellsVersionsInTheirOrder()
    {
        Repository repository = Given.Repository(Given.Path("a"), Given.Path("b"));
        DataMap made = Given.Post("made");
        DataMap changed = Given.Post("changed");
        Cid oldA = repository.Find(Given.Path("a"))!.Value;
        Cid oldB = repository.Find(Given.Path("b"))!.Value;

        RepositoryChange change = repository.Apply(
        [
            RecordWrite.Update(Given.Path("b"), changed),
            RecordWrite.Delete(Given.Path("a")),
            RecordWrite.Create(Given.Path("c"), made),
        ]);

        Repository after = repository.Advance(change);
        Assert.Multiple(() =>
        {
            Assert.That(change.Ops, Is.EqualTo(new RepositoryOp[]
            {
                new(WriteAction.Update, Given.Path("b"), changed.Cid, oldB, changed),
                new(WriteAction.Delete, Given.Path("a"), null, oldA, null),
                new(WriteAction.Create, Given.Path("c"), made.Cid, null, made),
            }));
            Assert.That(after.Find(Given.Path("a")), Is.Null);
            Assert.That(after.Find(Given.Path("b")), Is.EqualTo(changed.Cid));
            Assert.That(after.Find(Given.Path("c")), Is.EqualTo(made.Cid));
            Assert.That(after.Head, Is.SameAs(change.Commit));
            Assert.That(repository.Find(Given.Path("a")), Is.EqualTo(oldA), "the repository written to stays as it was");
        });
    }

    // Pitfall B 31.
    [Test]
    public void Apply_WhenTwoPathsGetTheSameContent_CarriesItOnce()
    {
        Repository repository = Given.NewRepository();
        DataMap post = Given.PostOfSize(90_000);

        RepositoryChange change = repository.Apply([RecordWrite.Create(Given.Path("a"), post), RecordWrite.Create(Given.Path("b"), post)]);

        Assert.That(change.Blocks.Length, Is.LessThan(100_000));
        Assert.That(CarReader.ReadAll(change.Blocks).Blocks, Does.ContainKey(post.Cid));
    }

    [Test]
    public void Apply_WhenContentMovesBetweenPaths_CarriesIt()
    {
        Repository repository = Given.Repository(Given.Path("a"));
        DataMap post = Given.Post(Given.Path("a").ToString());

        RepositoryChange change = repository.Apply([RecordWrite.Delete(Given.Path("a")), RecordWrite.Create(Given.Path("b"), post)]);

        Assert.That(change.Ops[0].Prev, Is.EqualTo(post.Cid));
        Assert.That(CarReader.ReadAll(change.Blocks).Blocks, Does.ContainKey(post.Cid));
    }

    [Test]
    public void Apply_Always_PutsCommitThenNodesThenRecords()
    {
        Repository repository = Given.Repository(Given.Path("a"), Given.Path("b"));

        RepositoryChange change = repository.Apply([RecordWrite.Create(Given.Path("c"), Given.Post())]);

        Cid[] order = [.. CarReader.ReadAll(change.Blocks).Blocks.Keys];
        Assert.That(order[0], Is.EqualTo(change.Commit.Cid));
        Assert.That(order[1], Is.EqualTo(change.Commit.Data));
        Assert.That(order[^1], Is.EqualTo(Given.Post().Cid));
    }

    [Test]
    public void Apply_WhenRecordToCreateExists_Refuses() =>
        Refuses(Given.Repository(Given.Path("a")), "already a record", RecordWrite.Create(Given.Path("a"), Given.Post()));

    [Test]
    public void Apply_WhenRecordToUpdateIsMissing_Refuses() =>
        Refuses(Given.Repository(Given.Path("a")), "no record", RecordWrite.Update(Given.Path("b"), Given.Post()));

    [Test]
    public void Apply_WhenRecordToDeleteIsMissing_Refuses() =>
        Refuses(Given.Repository(Given.Path("a")), "no record", RecordWrite.Delete(Given.Path("b")));

    /// <summary>Every sequence of up to three writes to one path, from a repository with and without the record.</summary>
    private static IEnumerable<TestCaseData> SequencesOfWrites() =>
        from exists in new[] { false, true }
        from length in Enumerable.Range(2, 2)
        from code in Enumerable.Range(0, (int)Math.Pow(3, length))
        let actions = Enumerable.Range(0, length).Select(place => (WriteAction)(code / (int)Math.Pow(3, place) % 3)).ToArray()
        select new TestCaseData(exists, actions).SetArgDisplayNames(exists ? "present" : "absent", string.Join('-', actions));

    [TestCaseSource(nameof(SequencesOfWrites))]
    public void Apply_WhenAPathComesSeveralTimes_JudgesInOrderAndKeepsTheNetOperation(bool exists, WriteAction[] actions)
    {
        RecordPath path = Given.Path("a");
        Repository repository = exists ? Given.Repository(path) : Given.NewRepository();
        Cid? before = repository.Find(path);
        RecordWrite[] writes = [.. actions.Select((action, i) => new RecordWrite(action, path, action == WriteAction.Delete ? null : Given.Post($"version {i}")))];
        bool isThere = exists;
        bool isLegal = true;
        foreach (WriteAction action in actions)
        {
            isLegal &= (action == WriteAction.Create) != isThere;
            isThere = action != WriteAction.Delete;
        }

        RepositoryChange? change = null;
        XrpcException? refusal = null;
        try
        {
            change = repository.Apply(writes);
        }
        catch (XrpcException e)
        {
            refusal = e;
        }

        RepositoryOp[] expected = (exists, isThere) switch
        {
            (false, false) => [],
            (false, true) => [new RepositoryOp(WriteAction.Create, path, writes[^1].Record!.Cid, Prev: null, writes[^1].Record)],
            (true, false) => [new RepositoryOp(WriteAction.Delete, path, Cid: null, before, Record: null)],
            (true, true) => [new RepositoryOp(WriteAction.Update, path, writes[^1].Record!.Cid, before, writes[^1].Record)],
        };
        Assert.That(refusal?.Error, Is.EqualTo(isLegal ? null : RequestErrors.InvalidRequest));
        Assert.That(change?.Ops, Is.EqualTo(isLegal ? expected : null));
        Assert.That(change?.Tree.TryGet(path.ToString(), out _), Is.EqualTo(isLegal ? isThere : null));
    }

    [Test]
    public void Apply_WhenContentIsMissing_ThrowsArgumentException() =>
        Assert.That(() => Given.NewRepository().Apply([new RecordWrite(WriteAction.Create, Given.Path("a"), null)]), Throws.ArgumentException);

    [Test]
    public void Apply_WhenThereAre200Writes_IsAccepted()
    {
        RepositoryChange change = Given.NewRepository().Apply(Creates(200));

        Assert.That(change.Ops, Has.Count.EqualTo(200));
    }

    [Test]
    public void Apply_WhenThereAre201Writes_Refuses() => Refuses(Given.NewRepository(), "Too many writes. Max: 200", Creates(201));

    [Test]
    public void Apply_WhenRecordIsAsLargeAsAllowed_IsAccepted()
    {
        DataMap post = Given.PostOfSize(RepositoryLimits.MaxRecordBytes);

        RepositoryChange change = Given.NewRepository().Apply([RecordWrite.Create(Given.Path("a"), post)]);

        Assert.That(post.Cbor.Length, Is.EqualTo(1_000_000));
        Assert.That(change.Ops[0].Cid, Is.EqualTo(post.Cid));
    }

    [Test]
    public void Apply_WhenRecordIsOneByteLarger_Refuses() =>
        Refuses(Given.NewRepository(), "too large", RecordWrite.Create(Given.Path("a"), Given.PostOfSize(RepositoryLimits.MaxRecordBytes + 1)));

    // Pitfall C 51.
    [Test]
    public void Apply_WhenTheCarPassesItsLimitByOneByte_Refuses()
    {
        DataMap large = Given.PostOfSize(RepositoryLimits.MaxRecordBytes, 'y');
        int spare = 2_000_000 - Given.NewRepository().Apply([Create("a", large), Create("b", Given.PostOfSize(900_000))]).Blocks.Length;
        DataMap fitting = Given.PostOfSize(900_000 + spare);
        DataMap tooLarge = Given.PostOfSize(900_001 + spare);

        RepositoryChange change = Given.NewRepository().Apply([Create("a", large), Create("b", fitting)]);

        Assert.That(change.Blocks.Length, Is.EqualTo(2_000_000));
        Refuses(Given.NewRepository(), "Too many writes. Max event size: 2MB", Create("a", large), Create("b", tooLarge));
    }

    [Test]
    public void RequireHead_WhenNothingIsExpected_Passes()
    {
        Assert.That(() => Given.Repository().RequireHead(null), Throws.Nothing);
        Assert.That(() => Given.NewRepository().RequireHead(null), Throws.Nothing);
    }

    [Test]
    public void RequireHead_WhenExpectedIsTheHead_Passes()
    {
        Repository repository = Given.Repository(Given.Path("a"));

        Assert.That(() => repository.RequireHead(repository.Head!.Cid), Throws.Nothing);
    }

    [Test]
    public void RequireHead_WhenExpectedIsAnother_RefusesWithTheHead()
    {
        Repository repository = Given.Repository(Given.Path("a"));

        XrpcException refusal = Assert.Throws<XrpcException>(() => repository.RequireHead(WorkedExample.Data))!;

        Assert.That(refusal.Error, Is.SameAs(RepositoryErrors.InvalidSwap));
        Assert.That(refusal.Message, Is.EqualTo($"Commit was at {repository.Head!.Cid}"));
    }

    [Test]
    public void RequireHead_WhenThereIsNoHead_Refuses()
    {
        XrpcException refusal = Assert.Throws<XrpcException>(() => Given.NewRepository().RequireHead(WorkedExample.Data))!;

        Assert.That(refusal.Message, Is.EqualTo("Commit was at null"));
    }

    [Test]
    public void RequireRecord_WhenTheDemandIsMet_TellsTheCurrentVersion()
    {
        Repository repository = Given.Repository(Given.Path("a"));
        Cid current = repository.Find(Given.Path("a"))!.Value;

        Assert.Multiple(() =>
        {
            Assert.That(repository.RequireRecord(Given.Path("a"), RecordSwap.Any), Is.EqualTo(current));
            Assert.That(repository.RequireRecord(Given.Path("a"), RecordSwap.MustBe(current)), Is.EqualTo(current));
            Assert.That(repository.RequireRecord(Given.Path("b"), RecordSwap.MustNotExist), Is.Null);
            Assert.That(repository.RequireRecord(Given.Path("b"), RecordSwap.Any), Is.Null);
        });
    }

    [Test]
    public void RequireRecord_WhenTheDemandIsNotMet_RefusesWithTheCurrentVersion()
    {
        Repository repository = Given.Repository(Given.Path("a"));
        Cid current = repository.Find(Given.Path("a"))!.Value;

        XrpcException exists = Assert.Throws<XrpcException>(() => repository.RequireRecord(Given.Path("a"), RecordSwap.MustNotExist))!;
        XrpcException differs = Assert.Throws<XrpcException>(() => repository.RequireRecord(Given.Path("a"), RecordSwap.MustBe(WorkedExample.Data)))!;
        XrpcException missing = Assert.Throws<XrpcException>(() => repository.RequireRecord(Given.Path("b"), RecordSwap.MustBe(current)))!;

        Assert.Multiple(() =>
        {
            Assert.That(exists.Error, Is.SameAs(RepositoryErrors.InvalidSwap));
            Assert.That(exists.Message, Is.EqualTo($"Record was at {current}"));
            Assert.That(differs.Message, Is.EqualTo($"Record was at {current}"));
            Assert.That(missing.Message, Is.EqualTo("Record was at null"));
        });
    }

    private static RecordWrite Create(string key, DataMap record) => RecordWrite.Create(Given.Path(key), record);

    private static RecordWrite[] Creates(int count) => [.. Enumerable.Range(0, count).Select(i => Create($"key{i}", Given.Post($"{i}")))];

    private static void Refuses(Repository repository, string message, params RecordWrite[] writes)
    {
        XrpcException refusal = Assert.Throws<XrpcException>(() => repository.Apply(writes))!;

        Assert.That(refusal.Error, Is.SameAs(RequestErrors.InvalidRequest));
        Assert.That(refusal.Message, Does.Contain(message));
    }
}
