using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

internal sealed class MstBuilderTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(17)]
    [TestCase(400)]
    [TestCase(3000)]
    public void Build_GivesTheNodesOfTheTreeInsertedKeyByKey(int count)
    {
        MstTree expected = MstSamples.TreeOf(MstSamples.Paths(new Random(count), count));
        var nodes = new Dictionary<Cid, byte[]>();
        var builder = new MstBuilder(MstSamples.Rev2, node => nodes.Add(node.Cid, node.Bytes.ToArray()));

        foreach (MstEntry entry in expected.Walk())
        {
            builder.Add(entry);
        }

        Assert.That(builder.Finish(), Is.EqualTo(expected.Root));
        Assert.That(nodes, Is.EqualTo(expected.WalkPreOrder().Where(step => step.Node is not null).Select(step => step.Node!).ToDictionary(node => node.Cid, node => node.Bytes.ToArray())));
    }

    [Test]
    public void Build_OfAFewHighKeys_FillsTheLayersBetween()
    {
        // Heights 0, 8 and 4: everything between them is bare pointers.
        string[] paths = ["app.bsky.feed.post/454397e440ec", "app.bsky.feed.post/9adeb165882c", "app.bsky.feed.post/a"];
        MstTree expected = MstSamples.TreeOf(paths);
        var builder = new MstBuilder(MstSamples.Rev2, _ => { });

        foreach (string path in paths)
        {
            builder.Add(new MstEntry(path, MstSamples.Leaf));
        }

        Assert.That(builder.Finish(), Is.EqualTo(expected.Root));
    }

    [Test]
    public void Build_GivesChildrenBeforeParents()
    {
        var met = new HashSet<Cid>();
        bool inOrder = true;
        var builder = new MstBuilder(MstSamples.Rev2, node =>
        {
            for (int slot = 0; slot <= node.Count; slot++)
            {
                inOrder &= !node.HasChild(slot) || met.Contains(node.ChildCid(slot));
            }

            met.Add(node.Cid);
        });

        foreach (string path in MstSamples.Paths(new Random(5), 300).Order(StringComparer.Ordinal))
        {
            builder.Add(new MstEntry(path, MstSamples.Leaf));
        }

        Cid root = builder.Finish();
        Assert.That(inOrder, Is.True);
        Assert.That(met, Does.Contain(root));
    }

    [TestCase("com.example.thing/b", "com.example.thing/a")]
    [TestCase("com.example.thing/a", "com.example.thing/a")]
    public void Add_WhenTheOrderIsNotKept_Throws(string first, string second)
    {
        var builder = new MstBuilder(MstSamples.Rev1, _ => { });
        builder.Add(new MstEntry(first, MstSamples.Leaf));

        Assert.That(() => builder.Add(new MstEntry(second, MstSamples.Leaf)), Throws.ArgumentException);
    }
}
