using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

/// <summary>What holds for every tree, tried on seeded random ones.</summary>
internal sealed class MstPropertyTests
{
    [Test]
    public void AnyWrites_GiveTheTreeBuiltFromTheirOutcome([Range(1, 12)] int seed)
    {
        Random random = new(seed);
        List<string> paths = MstSamples.Paths(random, 300);
        Dictionary<string, Cid> expected = [];
        MstTree tree = MstTree.Empty;

        for (int i = 0; i < 1500; i++)
        {
            // Alternately more and fewer, so that the tree grows and shrinks through all its heights.
            tree = Write(tree, expected, paths[random.Next(paths.Count)], MstSamples.Record(i), remove: random.Next(100) < (i / 300 % 2 == 0 ? 20 : 80));
            if (i % 50 == 0)
            {
                tree = tree.Seal(MstSamples.Rev1);
                Assert.That(tree.Root, Is.EqualTo(MstSamples.Build(expected, MstSamples.Rev1).Root), $"after {i} writes");
            }
        }

        tree = tree.Seal(MstSamples.Rev2);
        Assert.Multiple(() =>
        {
            Assert.That(tree.Root, Is.EqualTo(MstSamples.Build(expected, MstSamples.Rev1).Root));
            Assert.That(MstSamples.Records(tree), Is.EquivalentTo(expected));
            Assert.That(tree.Walk().Select(e => e.Path), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        });
    }

    [Test]
    public void AnyOrderOfInserts_GivesTheSameTree([Range(1, 5)] int seed)
    {
        Random random = new(seed);
        string[] paths = [.. MstSamples.Paths(random, 400)];
        Cid sorted = MstSamples.TreeOf(paths.Order(StringComparer.Ordinal)).Root;

        random.Shuffle(paths);

        Assert.That(MstSamples.TreeOf(paths).Root, Is.EqualTo(sorted));
    }

    [Test]
    public void Remove_OfWhatWasInserted_GivesTheTreeBefore([Range(1, 5)] int seed)
    {
        Random random = new(seed);
        List<string> paths = MstSamples.Paths(random, 200);
        MstTree tree = MstTree.Empty;

        foreach (string path in paths)
        {
            MstTree larger = tree.Insert(path, MstSamples.Leaf).Seal(MstSamples.Rev1);
            Assert.That(larger.Remove(path).Seal(MstSamples.Rev1).Root, Is.EqualTo(tree.Root));
            tree = larger;
        }
    }

    [Test]
    public void LazyTree_BehavesAsTheOneInMemory([Range(1, 6)] int seed)
    {
        Random random = new(seed);
        List<string> paths = MstSamples.Paths(random, 300);
        Dictionary<string, Cid> expected = paths.Take(200).ToDictionary(p => p, _ => MstSamples.Leaf);
        MstTree whole = MstSamples.Build(expected, MstSamples.Rev1);
        NodeSource source = new(MstSamples.Nodes(whole).Values);

        for (int i = 0; i < 60; i++)
        {
            string path = paths[random.Next(paths.Count)];
            MstTree lazy = MstTree.Load(whole.Root, source);
            Assert.That(lazy.TryGet(path, out _), Is.EqualTo(expected.ContainsKey(path)));
            lazy = Write(lazy, expected, path, MstSamples.Record(i), random.Next(2) == 0).Seal(MstSamples.Rev2);
            foreach (MstNode node in lazy.Unstored())
            {
                source.Add(node);
            }

            whole = MstSamples.Build(expected, MstSamples.Rev1);
            Assert.That(lazy.Root, Is.EqualTo(whole.Root));
        }

        Assert.That(MstTree.Load(whole.Root, source).Walk(), Is.EqualTo(whole.Walk()));
    }

    [Test]
    public void OldTrees_StayAsTheyWere()
    {
        Random random = new(7);
        List<string> paths = MstSamples.Paths(random, 200);
        Dictionary<string, Cid> records = [];
        List<(MstTree Tree, Cid Root, Dictionary<string, Cid> Records)> versions = [];
        MstTree tree = MstTree.Empty;

        for (int i = 0; i < 400; i++)
        {
            tree = Write(tree, records, paths[random.Next(paths.Count)], MstSamples.Record(i), random.Next(3) == 0);
            if (i % 40 == 0)
            {
                tree = tree.Seal(MstSamples.Rev1);
                versions.Add((tree, tree.Root, new(records)));
            }
        }

        Assert.Multiple(() =>
        {
            foreach ((MstTree version, Cid root, Dictionary<string, Cid> expected) in versions)
            {
                Assert.That(version.Root, Is.EqualTo(root));
                Assert.That(MstSamples.Records(version), Is.EquivalentTo(expected));
                Assert.That(MstSamples.Build(MstSamples.Records(version), MstSamples.Rev1).Root, Is.EqualTo(root));
            }
        });
    }

    [Test]
    public void SealedTree_IsReadByManyThreads()
    {
        List<string> paths = MstSamples.Paths(new(3), 2000);
        MstTree whole = MstSamples.TreeOf(paths);
        MstTree lazy = MstTree.Load(whole.Root, new SharedSource(MstSamples.Nodes(whole)));

        int found = 0;
        Parallel.ForEach(paths, path =>
        {
            MstTree larger = lazy.Update(path, MstSamples.Record(1)).Seal(MstSamples.Rev2);
            if (lazy.TryGet(path, out Cid value) && value == MstSamples.Leaf && larger.Update(path, value).Seal(MstSamples.Rev3).Root == whole.Root)
            {
                Interlocked.Increment(ref found);
            }
        });

        Assert.That(found, Is.EqualTo(paths.Count));
    }

    [Test]
    public void Changes_OfWhatIsNotThere_AreRefused()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(1), 100));
        string present = tree.Walk().First().Path;

        Assert.Multiple(() =>
        {
            Assert.That(() => tree.Insert(present, MstSamples.Leaf), Throws.InvalidOperationException);
            Assert.That(() => tree.Update("coll/absent", MstSamples.Leaf), Throws.InvalidOperationException);
            Assert.That(() => tree.Remove("coll/absent"), Throws.InvalidOperationException);
            Assert.That(() => MstTree.Empty.Remove(present), Throws.InvalidOperationException);
            Assert.That(() => MstTree.Empty.Update(present, MstSamples.Leaf), Throws.InvalidOperationException);
            foreach (MstEntry entry in tree.Walk())
            {
                Assert.That(() => tree.Insert(entry.Path, MstSamples.Leaf), Throws.InvalidOperationException);
            }
        });
    }

    [Test]
    public void Update_WithTheSameRecord_MakesNoNode()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(1), 100));

        MstTree updated = tree.Update(tree.Walk().First().Path, MstSamples.Leaf);

        Assert.That(updated, Is.SameAs(tree));
    }

    [Test]
    public void UnsealedTree_HasNoCids()
    {
        MstTree tree = MstTree.Empty.Insert("coll/self", MstSamples.Leaf);

        Assert.Multiple(() =>
        {
            Assert.That(() => tree.Root, Throws.InvalidOperationException);
            Assert.That(() => tree.Proof("coll/self"), Throws.InvalidOperationException);
            Assert.That(() => tree.CoveringNodes(["coll/self"]), Throws.InvalidOperationException);
            Assert.That(() => tree.Unstored().ToList(), Throws.InvalidOperationException);
            Assert.That(() => MstTree.Removed(MstTree.Empty, tree), Throws.InvalidOperationException);
        });
    }

    [TestCase("coll/b", "coll/a")]
    [TestCase("coll/a", "coll/a")]
    public void Build_WhenPathsDoNotAscend_IsRefused(string first, string second)
    {
        MstEntry[] entries = [new(first, MstSamples.Leaf), new(second, MstSamples.Leaf)];

        Assert.That(() => MstTree.Build(entries, MstSamples.Rev1), Throws.ArgumentException);
    }

    private static MstTree Write(MstTree tree, Dictionary<string, Cid> expected, string path, Cid record, bool remove)
    {
        if (expected.ContainsKey(path))
        {
            if (remove)
            {
                expected.Remove(path);
                return tree.Remove(path);
            }

            expected[path] = record;
            return tree.Update(path, record);
        }

        expected.Add(path, record);
        return tree.Insert(path, record);
    }

    /// <summary>A source without counters, so that threads may share it.</summary>
    private sealed class SharedSource(Dictionary<Cid, MstNode> nodes) : IMstNodeSource
    {
        public MstNode Load(Cid cid) => MstNode.Decode(cid, nodes[cid].Bytes, nodes[cid].Rev);
    }
}
