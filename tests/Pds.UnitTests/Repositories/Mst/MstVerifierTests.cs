using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

/// <summary>Keys of the examples: the digit is the height.</summary>
internal sealed class MstVerifierTests
{
    private const string A0 = "A0/374913", B0 = "B0/601692", C0 = "C0/451630", B1 = "B1/986427", B2 = "B2/827649", D2 = "D2/269196";

    [Test]
    public void Verify_OfAnyTree_GivesItsRecords([Range(1, 6)] int seed)
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(seed), (seed - 1) * 150));
        NodeSource source = new(MstSamples.Nodes(tree).Values);

        IEnumerable<MstEntry> entries = MstVerifier.Verify(tree.Root, source);

        Assert.That(entries, Is.EqualTo(tree.Walk()));
    }

    [Test]
    public void Verify_WhenAnyNodeIsMissing_SaysWhich()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(1), 100));
        Dictionary<Cid, MstNode> nodes = MstSamples.Nodes(tree);

        foreach (Cid missing in nodes.Keys)
        {
            NodeSource source = new(nodes.Values.Where(n => n.Cid != missing));
            Assert.That(
                () => MstVerifier.Verify(tree.Root, source).Count(),
                Throws.TypeOf<MissingBlockException>().With.Property(nameof(MissingBlockException.Cid)).EqualTo(missing));
        }
    }

    [Test]
    public void Verify_WhenANodeHasTooManyKeys_IsRefused()
    {
        string[] paths = [.. Enumerable.Range(0, 4000).Select(i => $"coll/{i}").Where(p => KeyHeight.Of(System.Text.Encoding.ASCII.GetBytes(p)) == 0).Take(1001)];
        MstTree mined = MstSamples.TreeOf(paths);
        NodeSource source = new(MstSamples.Nodes(mined).Values);

        Assert.Multiple(() =>
        {
            Assert.That(() => MstVerifier.Verify(mined.Root, source).Count(), Throws.TypeOf<FormatException>());
            Assert.That(MstVerifier.Verify(mined.Root, source, maxEntriesPerNode: 1001).Count(), Is.EqualTo(1001));
        });
    }

    [Test]
    public void Verify_WhenBytesAreNotTheCids_IsRefused()
    {
        MstTree tree = MstSamples.TreeOf([A0, B0]);
        MstTree other = MstSamples.TreeOf([A0, C0]);

        Assert.Multiple(() =>
        {
            Assert.That(() => MstVerifier.Verify(tree.Root, new LyingSource(tree.Root, other.Proof(A0)[0].Bytes)).Count(), Throws.TypeOf<FormatException>());
            Assert.That(() => MstVerifier.Verify(tree.Root, new LyingSource(other.Root, other.Proof(A0)[0].Bytes)).Count(), Throws.TypeOf<FormatException>());
        });
    }

    private static IEnumerable<TestCaseData> Misshapen()
    {
        yield return Case("root is a bare pointer", s => Node(s, left: Node(s, null, (A0, null))));
        yield return Case("root is a bare pointer to an empty node", s => Node(s, left: Node(s)));
        yield return Case("an empty leaf on the left", s => Node(s, Node(s), (B1, null)));
        yield return Case("an empty leaf on the right", s => Node(s, null, (B1, Node(s))));
        yield return Case("an empty leaf under a bare pointer", s => Node(s, Node(s, Node(s)), (B2, null)));
        yield return Case("a layer is skipped", s => Node(s, Node(s, null, (A0, null)), (B2, null)));
        yield return Case("a layer too many", s => Node(s, Node(s, Node(s, null, (A0, null))), (B1, null)));
        yield return Case("a node below the lowest layer", s => Node(s, Node(s, null, (A0, null)), (B0, null)));
        yield return Case("heights mixed in the root", s => Node(s, null, (A0, null), (B1, null)));
        yield return Case("heights mixed, the lower one last", s => Node(s, null, (B1, null), (C0, null)));
        yield return Case("a key too high for its layer", s => Node(s, Node(s, null, (B1, null)), ("C1/438573", null)));
        yield return Case("left is not less", s => Node(s, Node(s, null, (C0, null)), (B1, null)));
        yield return Case("right is not greater", s => Node(s, null, (B1, Node(s, null, (A0, null)))));
        yield return Case("right is not less than the next", s => Node(s, null, (B2, Bare(s, "E0/670489")), (D2, null)));
        yield return Case("a subtree is there twice", s => Twice(s));

        static TestCaseData Case(string name, Func<NodeSource, Cid> tree) => new TestCaseData(tree).SetArgDisplayNames(name);

        static Cid Bare(NodeSource source, string path) => Node(source, Node(source, null, (path, null)));

        static Cid Twice(NodeSource source)
        {
            Cid leaf = Bare(source, C0);
            return Node(source, null, (B2, leaf), (D2, leaf));
        }
    }

    [TestCaseSource(nameof(Misshapen))]
    public void Verify_WhenTreeIsMisshapen_IsRefused(Func<NodeSource, Cid> tree)
    {
        NodeSource source = new();
        Cid root = tree(source);

        Assert.That(() => MstVerifier.Verify(root, source).Count(), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void MisshapenTrees_DoNotBreakOtherOperations([ValueSource(nameof(Misshapen))] TestCaseData misshapen)
    {
        NodeSource source = new();
        Cid root = ((Func<NodeSource, Cid>)misshapen.Arguments[0]!)(source);

        foreach (string path in new[] { A0, B0, C0, B1, B2, D2, "E0/670489", "F5/271416" })
        {
            MstTree tree = MstTree.Load(root, source);
            Action[] acts =
            [
                () => tree.TryGet(path, out _),
                () => tree.Insert(path, MstSamples.Leaf).Seal(default),
                () => tree.Update(path, MstSamples.Record(1)).Seal(default),
                () => tree.Remove(path).Seal(default),
                () => tree.Proof(path),
                () => tree.CoveringNodes([path]),
                () => _ = tree.Walk().Count(),
                () => _ = tree.DiffTo(MstTree.Empty).Count(),
                () => MstInversion.Verify(tree, [new(WriteAction.Create, path, MstSamples.Leaf, null)], null),
            ];
            foreach (Action act in acts)
            {
                try
                {
                    act();
                }
                catch (Exception e) when (e is FormatException or InvalidOperationException or MstInversionException)
                {
                }
            }
        }

        Assert.That(() => MstVerifier.Verify(root, source).Count(), Throws.TypeOf<FormatException>(), "The nodes are as they were.");
    }

    [Test]
    public void Verify_OfABottomlessTree_Ends()
    {
        BottomlessSource source = new();

        Assert.Multiple(() =>
        {
            Assert.That(() => MstVerifier.Verify(source.Root, source).Count(), Throws.TypeOf<FormatException>());
            Assert.That(() => MstTree.Load(source.Root, source).TryGet(A0, out _), Throws.TypeOf<FormatException>());
            Assert.That(() => MstTree.Load(source.Root, source).Proof(A0), Throws.TypeOf<FormatException>());
            Assert.That(() => MstTree.Load(source.Root, source).Walk().Count(), Throws.TypeOf<FormatException>());
            Assert.That(() => MstTree.Load(source.Root, source).CoveringNodes([A0]), Throws.TypeOf<FormatException>());
        });
    }

    private static Cid Node(NodeSource source, Cid? left = null, params (string Path, Cid? Right)[] entries)
    {
        string previous = "";
        List<Entry> forms = [];
        foreach ((string path, Cid? right) in entries)
        {
            int prefix = path.Zip(previous).TakeWhile(pair => pair.First == pair.Second).Count();
            forms.Add(new(path[prefix..], prefix) { Right = right });
            previous = path;
        }

        return source.Add(new NodeForm([.. forms]) { Left = left }.ToBytes());
    }

    private sealed class LyingSource(Cid answered, ReadOnlyMemory<byte> bytes) : IMstNodeSource
    {
        public MstNode Load(Cid cid) => MstNode.Decode(answered, bytes, default);
    }

    /// <summary>Gives for every CID a node that links to itself.</summary>
    private sealed class BottomlessSource : IMstNodeSource
    {
        public Cid Root => Cid.ForDagCbor([1]);

        public MstNode Load(Cid cid) => MstNode.Decode(cid, new NodeForm(new Entry(B1, 0)) { Left = Root }.ToBytes(), default);
    }
}
