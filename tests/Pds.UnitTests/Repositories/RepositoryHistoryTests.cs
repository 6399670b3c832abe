using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;
using Pds.UnitTests.Fakes;
using Pds.UnitTests.Sync;

namespace Pds.UnitTests.Repositories;

/// <summary>What must hold for every commit, over random histories of random batches.</summary>
internal sealed class RepositoryHistoryTests
{
    private static readonly int[] Seeds = [.. Enumerable.Range(1, 12)];

    [TestCaseSource(nameof(Seeds))]
    public void EveryChange_UndoneWithItsOwnCar_GivesTheTreeBefore(int seed)
    {
        FakeSigner signer = Given.Signer();
        var history = new History(seed, keys: 10 * seed);
        for (int i = 0; i < 40; i++)
        {
            RepositoryChange change = history.Step(maxWrites: i % 4 == 0 ? 10 * seed : 3);

            Commit verified = CommitVerification.Verify(CommitClaim.Of(change), signer.PublicKey, signer);

            Assert.That(verified.Cid, Is.EqualTo(change.Commit.Cid));
        }
    }

    [TestCaseSource(nameof(Seeds))]
    public void EveryTree_EqualsTheOneBuiltFromItsRecords(int seed)
    {
        var history = new History(seed, keys: 60);
        for (int i = 0; i < 25; i++)
        {
            RepositoryChange change = history.Step(maxWrites: 12);

            var built = MstTree.Build(history.Records.Select(r => new MstEntry(r.Key, r.Value)), change.Commit.Rev);

            Assert.That(change.Commit.Data, Is.EqualTo(built.Root));
            Assert.That(change.Tree.Walk(), Is.EqualTo(built.Walk()));
        }
    }

    [TestCaseSource(nameof(Seeds))]
    public void EveryCar_HasTheNewBlocksAndNoBlockTwice(int seed)
    {
        var history = new History(seed, keys: 40);
        var known = new HashSet<Cid>();
        for (int i = 0; i < 30; i++)
        {
            RepositoryChange change = history.Step(maxWrites: 6);

            var blocks = new HashSet<Cid>(CarReader.ReadAll(change.Blocks).Blocks.Keys);
            HashSet<Cid> now = Nodes(change.Tree);
            Assert.Multiple(() =>
            {
                Assert.That(blocks.IsSupersetOf(now.Except(known)), Is.True, "every new node");
                Assert.That(blocks.IsSupersetOf(change.Ops.Where(o => o.Cid is not null).Select(o => o.Cid!.Value)), Is.True, "every written record");
                Assert.That(Size(blocks, change), Is.EqualTo(change.Blocks.Length), "each once");
            });
            known = now;
        }
    }

    [TestCaseSource(nameof(Seeds))]
    public void EveryFrame_TellsTheChangeAndFollowsOnTheOneBefore(int seed)
    {
        var history = new History(seed, keys: 20);
        RepositoryChange? last = null;
        for (int i = 1; i <= 20; i++)
        {
            RepositoryChange change = history.Step(maxWrites: 5);

            DecodedFrame frame = DecodedFrame.Of(EventFrame.Encode(new CommitEvent(change), i, DateTimeOffset.UnixEpoch));

            Assert.Multiple(() =>
            {
                Assert.That(frame.Header, Is.EqualTo(new Dictionary<string, object?> { ["t"] = "#commit", ["op"] = 1L }));
                Assert.That(frame.Body["since"], Is.EqualTo(last?.Commit.Rev.ToString()));
                Assert.That(frame.Body.GetValueOrDefault("prevData"), Is.EqualTo((object?)last?.Commit.Data));
                Assert.That(frame.Body["rev"], Is.EqualTo(change.Commit.Rev.ToString()));
                Assert.That(frame.Body["commit"], Is.EqualTo(change.Commit.Cid));
                Assert.That(frame.Body["blocks"], Is.EqualTo(change.Blocks.ToArray()));
                Assert.That(((List<object?>)frame.Body["ops"]!).Select(Describe), Is.EqualTo(change.Ops.Select(Describe)));
                Assert.That(frame.Body["time"], Is.EqualTo("1970-01-01T00:00:00.000Z"));
                Assert.That(last is null || change.Commit.Rev > last.Commit.Rev, Is.True);
            });
            last = change;
        }
    }

    private static long Size(HashSet<Cid> blocks, RepositoryChange change)
    {
        IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> read = CarReader.ReadAll(change.Blocks).Blocks;
        return CarWriter.MeasureHeader(1) + blocks.Sum(cid => (long)CarWriter.MeasureBlock(read[cid].Length));
    }

    private static HashSet<Cid> Nodes(MstTree tree) =>
        [.. tree.WalkPreOrder().Where(step => step.Node is not null).Select(step => step.Node!.Cid)];

    private static string Describe(RepositoryOp op) => $"{op.Action} {op.Path} {op.Cid} {op.Prev}".ToLowerInvariant();

    private static string Describe(object? item)
    {
        var op = (Dictionary<string, object?>)item!;
        return $"{op["action"]} {op["path"]} {op["cid"]} {op.GetValueOrDefault("prev")}".ToLowerInvariant();
    }
}
