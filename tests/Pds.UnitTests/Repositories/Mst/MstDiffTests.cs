using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

internal sealed class MstDiffTests
{
    [Test]
    public void TwoTrees_DifferByRemovedAndUnstoredNodes([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        List<string> paths = MstSamples.Paths(random, 250);
        Dictionary<string, Cid> before = paths.Take(random.Next(200)).ToDictionary(p => p, _ => MstSamples.Leaf);
        MstTree memory = MstSamples.Build(before, MstSamples.Rev1);
        MstTree old = MstTree.Load(memory.Root, new NodeSource(MstSamples.Nodes(memory).Values));
        MstTree current = old;
        Dictionary<string, Cid> after = new(before);
        for (int i = random.Next(40); i >= 0; i--)
        {
            string path = paths[random.Next(paths.Count)];
            current = after.Remove(path) ? current.Remove(path) : current.Insert(path, MstSamples.Record(i));
            if (MstSamples.Records(current).TryGetValue(path, out Cid value))
            {
                after[path] = value;
            }
        }

        current = current.Seal(MstSamples.Rev2);

        Dictionary<Cid, MstNode> oldNodes = MstSamples.Nodes(old);
        Dictionary<Cid, MstNode> newNodes = MstSamples.Nodes(current);
        Assert.Multiple(() =>
        {
            Assert.That(MstTree.Removed(old, current), Is.EquivalentTo(oldNodes.Keys.Except(newNodes.Keys)));
            Assert.That(MstTree.Removed(current, old), Is.EquivalentTo(newNodes.Keys.Except(oldNodes.Keys)));
            Assert.That(current.Unstored().Select(n => n.Cid), Is.SupersetOf(newNodes.Keys.Except(oldNodes.Keys)));
            Assert.That(current.Unstored().Select(n => n.Cid), Is.SubsetOf(newNodes.Keys));
            Assert.That(current.Unstored().Select(n => n.Cid), Is.Unique);
            Assert.That(old.DiffTo(current), Is.EqualTo(Difference(before, after)));
            Assert.That(current.DiffTo(old), Is.EqualTo(Difference(after, before)));
        });
    }

    [Test]
    public void UnrelatedTrees_DifferAsSetsDo([Range(1, 6)] int seed)
    {
        Random random = new(seed);
        List<string> paths = MstSamples.Paths(random, 300);
        Dictionary<string, Cid> left = Some(), right = Some();
        MstTree from = MstSamples.Build(left, MstSamples.Rev1);
        MstTree to = MstSamples.Build(right, MstSamples.Rev1);

        Assert.Multiple(() =>
        {
            Assert.That(MstTree.Removed(from, to), Is.EquivalentTo(MstSamples.Nodes(from).Keys.Except(MstSamples.Nodes(to).Keys)));
            Assert.That(from.DiffTo(to), Is.EqualTo(Difference(left, right)));
        });

        Dictionary<string, Cid> Some()
        {
            int share = random.Next(1, 100);
            return paths.Where(_ => random.Next(100) < share).ToDictionary(p => p, _ => MstSamples.Record(random.Next(3)));
        }
    }

    [Test]
    public void MarkStored_OnEveryNewNode_LeavesNothingUnstored()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(1), 100));

        foreach (MstNode node in tree.Unstored().ToList())
        {
            node.MarkStored();
        }

        MstTree next = tree.Insert("coll/new", MstSamples.Leaf).Seal(MstSamples.Rev2);
        Assert.Multiple(() =>
        {
            Assert.That(tree.Unstored(), Is.Empty);
            Assert.That(next.Unstored().Select(n => n.Cid), Is.EqualTo(next.Proof("coll/new").Select(n => n.Cid)));
        });
    }

    [Test]
    public void Unstored_GivesParentsBeforeChildren()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(1), 300));

        IEnumerable<Cid> order = tree.Unstored().Select(n => n.Cid);

        Assert.That(order, Is.EqualTo(MstSamples.Nodes(tree).Keys));
    }

    [Test]
    public void Comparison_WithAnEmptyTree_IsEverything()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(1), 100));
        MstTree empty = MstTree.Empty.Seal(MstSamples.Rev1);

        Assert.Multiple(() =>
        {
            Assert.That(MstTree.Removed(MstTree.Empty, tree), Is.Empty);
            Assert.That(MstTree.Removed(tree, MstTree.Empty), Is.EquivalentTo(MstSamples.Nodes(tree).Keys));
            Assert.That(MstTree.Removed(empty, tree), Is.EqualTo(new[] { MstTree.EmptyRoot }));
            Assert.That(MstTree.Empty.DiffTo(tree).Select(d => d.Path), Is.EqualTo(tree.Walk().Select(e => e.Path)));
            Assert.That(tree.DiffTo(empty).All(d => d.New is null), Is.True);
            Assert.That(tree.DiffTo(tree), Is.Empty);
        });
    }

    [Test]
    public void DiffTo_WhenOneRecordChanged_LoadsOnlyTheWayToIt()
    {
        MstTree memory = MstSamples.TreeOf(MstSamples.Paths(new(1), 3000));
        string path = memory.Walk().ElementAt(1500).Path;
        MstTree changed = memory.Update(path, MstSamples.Record(1)).Seal(MstSamples.Rev2);
        NodeSource source = new(MstSamples.Nodes(memory).Values.Concat(changed.Unstored()));

        MstDiff[] diff = [.. MstTree.Load(memory.Root, source).DiffTo(MstTree.Load(changed.Root, source))];

        Assert.Multiple(() =>
        {
            Assert.That(diff, Is.EqualTo(new[] { new MstDiff(path, MstSamples.Leaf, MstSamples.Record(1)) }));
            Assert.That(source.Loads, Is.EqualTo(2 * memory.Proof(path).Count));
        });
    }

    private static IEnumerable<MstDiff> Difference(Dictionary<string, Cid> from, Dictionary<string, Cid> to) =>
        from.Keys.Union(to.Keys).Order(StringComparer.Ordinal)
            .Select(p => new MstDiff(p, from.TryGetValue(p, out Cid o) ? o : null, to.TryGetValue(p, out Cid n) ? n : null))
            .Where(d => d.Old != d.New);
}
