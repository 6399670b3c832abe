using System.IO.Pipelines;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Repositories;

internal sealed class RepositoryArchiveTests
{
    private static readonly FakeSigner Signer = Given.Signer();

    [Test]
    public void Verify_WhenRepositoryIsEmpty_CountsNoRecords()
    {
        RepositoryChange change = Given.NewRepository().Apply([]);

        int count = Verify(RepositoryArchive.Open(change.Blocks));

        Assert.That(count, Is.Zero);
    }

    [Test]
    public async Task Verify_WhenExportIsWhole_GivesEveryRecordInOrder()
    {
        (History history, List<Block> blocks) = Export();
        byte[] car = Car(history, blocks);
        CarReader reader = await CarReader.OpenAsync(PipeReader.Create(new MemoryStream(car)), new CarLimits(), default);

        RepositoryArchive archive = await RepositoryArchive.OpenAsync(reader, default);

        Assert.Multiple(() =>
        {
            Assert.That(Verify(archive), Is.EqualTo(history.Records.Count));
            Assert.That(archive.Commit.Cid, Is.EqualTo(history.Repository.Head!.Cid));
            Assert.That(archive.ReadRecords().Select(r => (r.Path.ToString(), r.Cid)), Is.EqualTo(history.Records.Select(r => (r.Key, r.Value))));
            Assert.That(archive.ReadRecords().All(r => r.Decode().Equals(history.Contents[r.Cid])), Is.True);
        });
    }

    [Test]
    public void Verify_WhenBlocksComeInAnyOrderAndMore_IsTheSame()
    {
        (History history, List<Block> blocks) = Export();
        Block stranger = new(Given.Post("nobody refers to me").Cid, Given.Post("nobody refers to me").Cbor);
        blocks = [stranger, .. blocks.AsEnumerable().Reverse(), .. blocks];

        int count = Verify(RepositoryArchive.Open(Car(history, blocks)));

        Assert.That(count, Is.EqualTo(history.Records.Count));
    }

    [Test]
    public void Verify_WhenAnyBlockIsMissing_Throws()
    {
        (History history, List<Block> blocks) = Export();

        foreach (Block missing in blocks)
        {
            byte[] car = Car(history, [.. blocks.Where(b => b.Cid != missing.Cid)]);

            Assert.That(() => Verify(RepositoryArchive.Open(car)), Throws.InstanceOf<RepositoryFormatException>());
        }
    }

    [Test]
    public void ReadRecords_WhenARecordIsMissing_TellsSo()
    {
        (History history, List<Block> blocks) = Export();
        (string path, Cid cid) = history.Records.First();

        ArchivedRecord record = RepositoryArchive.Open(Car(history, [.. blocks.Where(b => b.Cid != cid)])).ReadRecords().First();

        Assert.That(record.Cbor, Is.Null);
        Assert.That(() => record.Decode(), Throws.InstanceOf<RepositoryFormatException>().With.Message.EqualTo($"Could not parse record at '{path}'"));
    }

    [Test]
    public void Verify_WhenOwnerDiffers_Throws()
    {
        RepositoryArchive archive = RepositoryArchive.Open(Given.NewRepository().Apply([]).Blocks);

        Assert.That(
            () => archive.Verify(Given.Did("did:web:other.test"), Signer.PublicKey, Signer),
            Throws.InstanceOf<RepositoryFormatException>().With.Message.Contains("another repository"));
    }

    [Test]
    public void Verify_WhenSignedByAnotherKey_Throws()
    {
        RepositoryArchive archive = RepositoryArchive.Open(Given.NewRepository().Apply([]).Blocks);

        Assert.That(
            () => archive.Verify(Given.Did(), Given.PublicKey("did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"), Signer),
            Throws.InstanceOf<RepositoryFormatException>().With.Message.Contains("not signed"));
    }

    [Test]
    public void Open_WhenThereIsNotOneRoot_Throws()
    {
        Commit commit = Given.NewRepository().Apply([]).Commit;
        Block block = new(commit.Cid, commit.Bytes);

        Assert.That(() => RepositoryArchive.Open(CarWriter.ToArray([], [block])), Throws.InstanceOf<RepositoryFormatException>());
        Assert.That(() => RepositoryArchive.Open(CarWriter.ToArray([commit.Cid, commit.Cid], [block])), Throws.InstanceOf<RepositoryFormatException>());
    }

    [Test]
    public void Open_WhenTheRootIsMissingOrNoCommit_Throws()
    {
        DataMap post = Given.Post();

        Assert.That(() => RepositoryArchive.Open(CarWriter.ToArray([post.Cid], [])), Throws.InstanceOf<RepositoryFormatException>());
        Assert.That(() => RepositoryArchive.Open(CarWriter.ToArray([post.Cid], [new(post.Cid, post.Cbor)])), Throws.InstanceOf<FormatException>());
    }

    [TestCase("coll/rkey", TestName = "collection is no NSID")]
    [TestCase("com.example.coll/.", TestName = "a dot for a record key")]
    public void ReadRecords_WhenAKeyIsNoRecordPath_Throws(string key)
    {
        DataMap post = Given.Post();
        var tree = MstTree.Build([new MstEntry(key, post.Cid)], Tid.Parse(WorkedExample.Rev));

        Refuses(tree, [.. NodesOf(tree), new(post.Cid, post.Cbor)]);
    }

    [TestCase("a0", TestName = "a map without $type")]
    [TestCase("80", TestName = "an array")]
    [TestCase("a16524747970656131ff", TestName = "more after the map")]
    public void Verify_WhenARecordIsNone_Throws(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Cid cid = Cid.ForDagCbor(bytes);
        var tree = MstTree.Build([new MstEntry("com.example.coll/a", cid)], Tid.Parse(WorkedExample.Rev));

        Refuses(tree, [.. NodesOf(tree), new(cid, bytes)]);
    }

    [Test]
    public void Verify_WhenTheTreeIsNotCanonical_Throws()
    {
        // The trivial tree of the worked examples, but its key one layer too high: an empty node that points to it.
        DataMap post = Given.Post();
        var tree = MstTree.Build([new MstEntry("com.example.record/3jqfcqzm3fo2j", post.Cid)], Tid.Parse(WorkedExample.Rev));
        var writer = new DagCborWriter();
        writer.WriteMapHeader(2);
        writer.WriteText("e");
        writer.WriteArrayHeader(0);
        writer.WriteText("l");
        writer.WriteCid(tree.Root);
        byte[] pointer = writer.ToArray();
        Cid root = Cid.ForDagCbor(pointer);
        Commit commit = Commit.Sign(Given.Did(), root, Tid.Parse(WorkedExample.Rev), Signer);
        byte[] car = CarWriter.ToArray([commit.Cid], [new(commit.Cid, commit.Bytes), new(root, pointer), .. NodesOf(tree), new(post.Cid, post.Cbor)]);

        Assert.That(() => Verify(RepositoryArchive.Open(car)), Throws.InstanceOf<RepositoryFormatException>());
    }

    private static int Verify(RepositoryArchive archive) => archive.Verify(Given.Did(), Signer.PublicKey, Signer);

    private static void Refuses(MstTree tree, List<Block> blocks)
    {
        Commit commit = Commit.Sign(Given.Did(), tree.Root, Tid.Parse(WorkedExample.Rev), Signer);
        byte[] car = CarWriter.ToArray([commit.Cid], [new(commit.Cid, commit.Bytes), .. blocks]);

        Assert.That(() => Verify(RepositoryArchive.Open(car)), Throws.InstanceOf<RepositoryFormatException>());
    }

    private static (History History, List<Block> Blocks) Export()
    {
        var history = new History(seed: 3, keys: 60);
        for (int i = 0; i < 10; i++)
        {
            history.Step(maxWrites: 30);
        }

        Commit head = history.Repository.Head!;
        List<Block> blocks = [new(head.Cid, head.Bytes), .. NodesOf(history.Repository.Tree)];
        blocks.AddRange(history.Records.Values.Distinct().Select(cid => new Block(cid, history.Contents[cid].Cbor)));
        return (history, blocks);
    }

    private static List<Block> NodesOf(MstTree tree) =>
        [.. tree.WalkPreOrder().Where(step => step.Node is not null).Select(step => new Block(step.Node!.Cid, step.Node.Bytes))];

    private static byte[] Car(History history, List<Block> blocks) => CarWriter.ToArray([history.Repository.Head!.Cid], blocks);
}
