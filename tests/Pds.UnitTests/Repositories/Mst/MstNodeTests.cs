using System.Text;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

internal sealed class MstNodeTests
{
    [Test]
    public void Decode_OfEveryNode_GivesItsBytesAgain()
    {
        MstTree tree = MstSamples.TreeOf(MstSamples.Paths(new(3), 500));

        Assert.Multiple(() =>
        {
            foreach (MstNode node in MstSamples.Nodes(tree).Values)
            {
                MstNode decoded = MstNode.Decode(node.Cid, node.Bytes, MstSamples.Rev2);
                Assert.That(MstNodeCodec.Encode(decoded), Is.EqualTo(node.Bytes.ToArray()));
                Assert.That((decoded.Cid, decoded.Rev, decoded.IsStored), Is.EqualTo((node.Cid, MstSamples.Rev2, true)));
                Assert.That((node.Rev, node.IsStored), Is.EqualTo((MstSamples.Rev1, false)));
            }
        });
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        Entry a = new("coll/aa", 0), b = new("b", 6);
        yield return Case("keys equal", new NodeForm(a, new("", 7)));
        yield return Case("keys descend", new NodeForm(new("coll/b", 0), new("a", 5)));
        yield return Case("prefix too short", new NodeForm(a, new("ab", 5)));
        yield return Case("no prefix", new NodeForm(a, new("coll/ab", 0)));
        yield return Case("prefix longer than the key before", new NodeForm(a, new("b", 8)));
        yield return Case("prefix on the first entry", new NodeForm(new Entry("coll/aa", 1)));
        yield return Case("prefix negative", new NodeForm(a, new("coll/b", -1)));
        yield return Case("prefix enormous", new NodeForm(a, new("b", int.MaxValue)));
        yield return Case("prefix beyond an integer", new NodeForm(a, new("b", (1L << 32) + 6)));
        yield return Case("key empty", new NodeForm(new Entry("", 0)));
        yield return Case("key without slash", new NodeForm(new Entry("asdf", 0)));
        yield return Case("key with two slashes", new NodeForm(new Entry("a/b/c", 0)));
        yield return Case("key with a bad character", new NodeForm(new Entry("coll/a b", 0)));
        yield return Case("key not ASCII", new NodeForm(new Entry("coll/jalapeño", 0)));
        yield return Case("key too long", new NodeForm(new Entry("coll/" + new string('a', 1020), 0)));
        yield return Case("key too long by its prefix", new NodeForm(new("coll/" + new string('a', 1019), 0), new("a", 1024)));
        yield return Case("key as text", new NodeForm(a) { KeyAsText = true });
        yield return Case("left is raw", new NodeForm(a, b) { Left = Cid.ForRaw([1]) });
        yield return Case("right is raw", new NodeForm(a, b with { Right = Cid.ForRaw([1]) }));
        yield return Case("left absent", new NodeForm(a) { OmitLeft = true });
        yield return Case("right absent", new NodeForm(a) { OmitRight = true });
        yield return Case("fields in another order", new NodeForm(a) { LeftFirst = true });
        yield return Case("a field more", new NodeForm(a) { Extra = true });

        static TestCaseData Case(string name, NodeForm form) => new TestCaseData(form.ToBytes()).SetArgDisplayNames(name);
    }

    // Pitfall B 25.
    [TestCaseSource(nameof(Malformed))]
    public void Decode_WhenNodeIsMalformed_IsRefused(byte[] bytes)
    {
        Assert.That(() => MstNode.Decode(Cid.ForDagCbor(bytes), bytes, default), Throws.InstanceOf<FormatException>());
    }

    [TestCase("")]
    [TestCase("a0")]
    [TestCase("a2616580616cf600", Description = "a byte more")]
    [TestCase("a2616580616c", Description = "a byte less")]
    [TestCase("a2616580616cf7", Description = "undefined")]
    [TestCase("a26165f6616cf6", Description = "no array")]
    [TestCase("a261659bffffffffffffffff616cf6", Description = "an endless array")]
    [TestCase("a261659a7fffffff616cf6", Description = "a huge array")]
    [TestCase("bf616580616cf6ff", Description = "indefinite")]
    [TestCase("a261659800616cf6", Description = "a longer length than need be")]
    public void Decode_WhenBytesAreNoNode_IsRefused(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);

        Assert.That(() => MstNode.Decode(Cid.ForDagCbor(bytes), bytes, default), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void Decode_OfAWellFormedNode_Passes()
    {
        byte[] bytes = new NodeForm(new("coll/aa", 0), new("b", 6)) { Left = MstSamples.Leaf }.ToBytes();

        Assert.That(MstNode.Decode(Cid.ForDagCbor(bytes), bytes, default).Bytes.ToArray(), Is.EqualTo(bytes));
    }

    [Test]
    public void Decode_OfMutatedBytes_IsRefusedOrExact([Range(1, 4)] int seed)
    {
        Random random = new(seed);
        byte[][] nodes = [.. MstSamples.Nodes(MstSamples.TreeOf(MstSamples.Paths(random, 200))).Values.Select(n => n.Bytes.ToArray())];

        for (int i = 0; i < 6_000; i++)
        {
            byte[] bytes = Mutate(random, nodes[random.Next(nodes.Length)]);
            MstNode node;
            try
            {
                node = MstNode.Decode(MstSamples.Leaf, bytes, default);
            }
            catch (FormatException)
            {
                continue;
            }

            Assert.That(MstNodeCodec.Encode(node).AsSpan().SequenceEqual(bytes), Is.True, Convert.ToHexString(bytes));
        }
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        List<byte> mutated = [.. bytes];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(mutated.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutated.RemoveRange(at, random.Next(Math.Min(8, mutated.Count - at)));
                    break;
                default:
                    mutated.InsertRange(at, bytes.AsSpan(random.Next(bytes.Length - 8), random.Next(8)).ToArray());
                    break;
            }
        }

        return [.. mutated];
    }
}

/// <summary>An entry as it stands in a node, right or wrong.</summary>
internal sealed record Entry(string Rest, long Prefix)
{
    public Cid? Right { get; init; }
}

/// <summary>A node written as told, right or wrong.</summary>
internal sealed record NodeForm(params Entry[] Entries)
{
    public Cid? Left { get; init; }
    public bool KeyAsText { get; init; }
    public bool OmitLeft { get; init; }
    public bool OmitRight { get; init; }
    public bool LeftFirst { get; init; }
    public bool Extra { get; init; }

    public byte[] ToBytes()
    {
        DagCborWriter writer = new();
        writer.WriteMapHeader(2 - (OmitLeft ? 1 : 0) + (Extra ? 1 : 0));
        if (LeftFirst)
        {
            WriteLeft(writer);
        }

        writer.WriteText("e");
        writer.WriteArrayHeader(Entries.Length);
        foreach (Entry entry in Entries)
        {
            Write(writer, entry);
        }

        if (!OmitLeft && !LeftFirst)
        {
            WriteLeft(writer);
        }

        if (Extra)
        {
            writer.WriteText("z");
            writer.WriteNull();
        }

        return writer.ToArray();
    }

    private void Write(DagCborWriter writer, Entry entry)
    {
        writer.WriteMapHeader(OmitRight ? 3 : 4);
        writer.WriteText("k");
        if (KeyAsText)
        {
            writer.WriteText(entry.Rest);
        }
        else
        {
            writer.WriteBytes(Encoding.UTF8.GetBytes(entry.Rest));
        }

        writer.WriteText("p");
        writer.WriteInteger(entry.Prefix);
        if (!OmitRight)
        {
            writer.WriteText("t");
            WriteLink(writer, entry.Right);
        }

        writer.WriteText("v");
        writer.WriteCid(MstSamples.Leaf);
    }

    private void WriteLeft(DagCborWriter writer)
    {
        writer.WriteText("l");
        WriteLink(writer, Left);
    }

    private static void WriteLink(DagCborWriter writer, Cid? cid)
    {
        if (cid is { } link)
        {
            writer.WriteCid(link);
        }
        else
        {
            writer.WriteNull();
        }
    }
}
