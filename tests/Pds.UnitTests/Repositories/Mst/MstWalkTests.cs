using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

internal sealed class MstWalkTests
{
    [Test]
    public void Walk_FromAnyText_BeginsWithTheFirstPathNotLess()
    {
        List<string> paths = MstSamples.Paths(new(5), 300);
        MstTree tree = MstSamples.TreeOf(paths);
        paths.Sort(StringComparer.Ordinal);
        string[] starts = ["", "app", "app.bsky.feed.like/", "app.bsky.feed.post", "com.example.record/8", "zzz", "å", .. paths, .. paths.Select(p => p + "0")];

        Assert.Multiple(() =>
        {
            foreach (string start in starts)
            {
                IEnumerable<string> expected = paths.Where(p => string.CompareOrdinal(p, start) >= 0);
                Assert.That(tree.Walk(start).Select(e => e.Path), Is.EqualTo(expected), start);
            }
        });
    }

    [Test]
    public void LoadedBytes_AfterALookUp_CountsTheNodesOnItsWay()
    {
        List<string> paths = MstSamples.Paths(new(5), 300);
        MstTree whole = MstSamples.TreeOf(paths);
        Dictionary<Cid, MstNode> nodes = MstSamples.Nodes(whole);
        MstTree tree = MstTree.Load(whole.Root, new NodeSource(nodes.Values));
        long before = tree.LoadedBytes;

        tree.TryGet(paths[0], out _);
        long afterLookUp = tree.LoadedBytes;
        _ = tree.Walk().Count();

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Zero);
            Assert.That(afterLookUp, Is.EqualTo(whole.Proof(paths[0]).Sum(node => node.Bytes.Length)));
            Assert.That(tree.LoadedBytes, Is.EqualTo(afterLookUp), "walks remember nothing");
            Assert.That(whole.LoadedBytes, Is.EqualTo(nodes.Values.Sum(node => node.Bytes.Length)));
        });
    }

    [Test]
    public void Walk_WhenTreeIsEmpty_GivesNothing()
    {
        MstTree sealedTree = MstTree.Empty.Seal(MstSamples.Rev1);

        Assert.Multiple(() =>
        {
            Assert.That(MstTree.Empty.Walk(), Is.Empty);
            Assert.That(MstTree.Empty.Walk("a"), Is.Empty);
            Assert.That(sealedTree.Walk(), Is.Empty);
            Assert.That(sealedTree.WalkPreOrder().Count(), Is.EqualTo(1));
            Assert.That(sealedTree.Unstored().Count(), Is.EqualTo(1));
            Assert.That(MstTree.Empty.Unstored(), Is.Empty);
        });
    }

    [Test]
    public void Walk_OfALazyTree_RemembersNothing()
    {
        MstTree whole = MstSamples.TreeOf(MstSamples.Paths(new(5), 300));
        NodeSource source = new(MstSamples.Nodes(whole).Values);
        MstTree lazy = MstTree.Load(whole.Root, source);
        _ = lazy.TryGet("coll/absent", out _);

        int first = CountLoads(source, lazy);
        int second = CountLoads(source, lazy);

        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void WalkPreOrder_PutsEveryNodeAndRecordInItsPlace()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(6), 300));
        List<MstStep> expected = [];
        Visit(tree.Proof("a/a")[0]);

        List<MstStep> steps = [.. tree.WalkPreOrder()];

        Assert.Multiple(() =>
        {
            Assert.That(steps, Is.EqualTo(expected));
            Assert.That(steps.Where(s => s.Entry is not null).Select(s => s.Entry!.Value), Is.EqualTo(tree.Walk()));
            Assert.That(steps[0].Node!.Cid, Is.EqualTo(tree.Root));
        });

        void Visit(MstNode node)
        {
            expected.Add(new(node, null));
            for (int slot = 0; slot <= node.Count; slot++)
            {
                if (slot > 0)
                {
                    expected.Add(new(null, node.Leaves[slot - 1].ToEntry()));
                }

                if (node.Child(slot).Node is { } child)
                {
                    Visit(child);
                }
            }
        }
    }

    [Test]
    public void WalkNewer_GivesTheNodesMadeSince([Range(1, 4)] int seed)
    {
        List<string> paths = MstSamples.Paths(new(seed), 300);
        MstTree old = MstSamples.TreeOf(paths.Take(280));
        MstTree current = paths.Skip(280).Aggregate(old, (tree, path) => tree.Insert(path, MstSamples.Record(1))).Remove(paths[0]).Seal(MstSamples.Rev2);
        Dictionary<Cid, MstNode> before = MstSamples.Nodes(old);

        List<MstStep> steps = [.. current.WalkNewer(MstSamples.Rev1)];

        Assert.Multiple(() =>
        {
            Assert.That(
                steps.Where(s => s.Node is not null).Select(s => s.Node!.Cid),
                Is.EqualTo(MstSamples.Nodes(current).Values.Where(n => n.Rev == MstSamples.Rev2).Select(n => n.Cid)));
            Assert.That(
                steps.Where(s => s.Node is not null).Select(s => s.Node!.Cid),
                Is.SupersetOf(MstSamples.Nodes(current).Keys.Where(cid => !before.ContainsKey(cid))));
            Assert.That(steps.Select(s => s.Entry?.Path), Is.SupersetOf(paths.Skip(280)));
            Assert.That(current.WalkNewer(MstSamples.Rev2), Is.Empty);
            Assert.That(current.WalkNewer(default), Is.EqualTo(current.WalkPreOrder()));
        });
    }

    [Test]
    public void Seal_StampsOnlyNewNodes()
    {
        MstTree old = MstSamples.TreeOf(MstSamples.Paths(new(2), 300));

        MstTree current = old.Insert("com.example.record/new", MstSamples.Leaf).Seal(MstSamples.Rev2);

        HashSet<Cid> before = [.. MstSamples.Nodes(old).Keys];
        Assert.That(MstSamples.Nodes(current).Values.Where(n => n.Rev == MstSamples.Rev2).Select(n => n.Cid).Any(before.Contains), Is.False);
        Assert.That(MstSamples.Nodes(current).Values.Where(n => n.Rev == MstSamples.Rev1).Select(n => n.Cid).All(before.Contains), Is.True);
    }

    private static int CountLoads(NodeSource source, MstTree tree)
    {
        int before = source.Loads;
        Assert.That(tree.Walk().Count(), Is.EqualTo(300));
        return source.Loads - before;
    }
}
