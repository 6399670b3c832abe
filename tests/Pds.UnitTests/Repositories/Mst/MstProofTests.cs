using System.Text.Json;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

[Category(SharedData.Category)]
internal sealed class MstProofTests
{
    private static IEnumerable<TestCaseData> CommitProofs()
    {
        foreach (JsonElement item in MstFixtures.Items("firehose/commit-proof-fixtures.json"))
        {
            yield return new TestCaseData(item).SetArgDisplayNames(item.GetProperty("comment").GetString()!);
        }
    }

    [TestCaseSource(nameof(CommitProofs))]
    public void CoveringNodes_OfPublishedCommit_AreItsProof(JsonElement fixture)
    {
        Cid leaf = Cid.Parse(fixture.GetProperty("leafValue").GetString()!);
        string[] adds = Texts(fixture, "adds");
        string[] dels = Texts(fixture, "dels");
        MstTree memory = MstSamples.Build(Texts(fixture, "keys").ToDictionary(k => k, _ => leaf), MstSamples.Rev1);
        MstTree before = MstTree.Load(memory.Root, new NodeSource(MstSamples.Nodes(memory).Values));
        MstTree after = adds.Aggregate(before, (tree, path) => tree.Insert(path, leaf));
        after = dels.Aggregate(after, (tree, path) => tree.Remove(path)).Seal(MstSamples.Rev2);

        IReadOnlyList<MstNode> covering = after.CoveringNodes(adds.Concat(dels));

        Assert.Multiple(() =>
        {
            Assert.That(before.Root.ToString(), Is.EqualTo(fixture.GetProperty("rootBeforeCommit").GetString()));
            Assert.That(after.Root.ToString(), Is.EqualTo(fixture.GetProperty("rootAfterCommit").GetString()));
            Assert.That(covering.Select(n => n.Cid.ToString()), Is.EquivalentTo(Texts(fixture, "blocksInProof")));
            Assert.That(covering[0].Cid, Is.EqualTo(after.Root));
        });
    }

    [Test]
    public void CoveringNodes_AreNewNodesAndTheWaysToPathsAndNeighbours([Range(1, 25)] int seed)
    {
        Random random = new(seed);
        List<string> paths = MstSamples.Paths(random, 300);
        MstTree memory = MstSamples.TreeOf(paths.Take(200));
        MstTree before = MstTree.Load(memory.Root, new NodeSource(MstSamples.Nodes(memory).Values));
        List<string> touched = [.. paths.Skip(190).Take(random.Next(1, 20))];
        MstTree after = touched.Aggregate(before, (tree, path) => tree.TryGet(path, out _) ? tree.Remove(path) : tree.Insert(path, MstSamples.Leaf)).Seal(MstSamples.Rev2);

        List<Cid> covering = [.. after.CoveringNodes([.. touched, touched[0]]).Select(n => n.Cid)];

        Dictionary<Cid, MstNode> all = MstSamples.Nodes(after);
        List<string> walk = [.. after.Walk().Select(e => e.Path)];
        IEnumerable<string> neighbours = touched.SelectMany(path => walk.Where(p => string.CompareOrdinal(p, path) < 0).TakeLast(1)
            .Concat(walk.Where(p => string.CompareOrdinal(p, path) > 0).Take(1)));
        HashSet<Cid> expected = [.. touched.Concat(neighbours).SelectMany(after.Proof).Select(n => n.Cid)];
        expected.UnionWith(all.Values.Where(n => n.Rev == MstSamples.Rev2).Select(n => n.Cid));
        Assert.That(covering, Is.EqualTo(all.Keys.Where(expected.Contains)));
    }

    [Test]
    public void CoveringNodes_OfAnEmptyCommit_AreTheRoot()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(1), 100)).Seal(MstSamples.Rev2);
        MstTree empty = MstTree.Empty.Seal(MstSamples.Rev1);

        Assert.Multiple(() =>
        {
            Assert.That(tree.CoveringNodes([]).Select(n => n.Cid), Is.EqualTo(new[] { tree.Root }));
            Assert.That(empty.CoveringNodes([]).Select(n => n.Cid), Is.EqualTo(new[] { MstTree.EmptyRoot }));
        });
    }

    [Test]
    public void Proof_OfAnyPath_SufficesToSeeWhatIsThere()
    {
        List<string> paths = MstSamples.Paths(new(4), 400);
        MstTree tree = MstSamples.TreeOf(paths.Take(200));

        Assert.Multiple(() =>
        {
            foreach (string path in paths)
            {
                IReadOnlyList<MstNode> proof = tree.Proof(path);
                MstTree partial = MstTree.Load(tree.Root, new NodeSource(proof));
                Assert.That(partial.TryGet(path, out Cid value), Is.EqualTo(tree.TryGet(path, out Cid expected)));
                Assert.That(value, Is.EqualTo(expected));
                Assert.That(proof[0].Cid, Is.EqualTo(tree.Root));
                MstTree less = MstTree.Load(tree.Root, new NodeSource(proof.SkipLast(1)));
                Assert.That(() => less.TryGet(path, out _), Throws.TypeOf<MissingBlockException>());
            }
        });
    }

    [Test]
    public void Proof_InAnEmptyTree_IsItsNode()
    {
        MstTree tree = MstTree.Empty.Seal(MstSamples.Rev1);

        Assert.That(tree.Proof("coll/self").Select(n => n.Cid), Is.EqualTo(new[] { MstTree.EmptyRoot }));
    }

    private static string[] Texts(JsonElement fixture, string name) => [.. fixture.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
}
