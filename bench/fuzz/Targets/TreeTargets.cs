using System.Buffers.Binary;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.Fuzz.Targets;

/// <summary>One tree node: only <see cref="FormatException"/> refuses, and what is read is written back byte for byte.</summary>
internal sealed class TreeNodeTarget() : FuzzTarget("tree-node", Decoder)
{
    public override IReadOnlyList<string> Tokens { get; } = ["app.bsky.feed.post/", "com.example.other/", "ak", "ap", "at", "av", "al", "ae", "/", "3k"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            MstNode node = MstNodeCodec.Read(input.Span);
            Promise.Holds(MstNodeCodec.Encode(node).AsSpan().SequenceEqual(input.Span), "Two encodings of one node are read.");
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => TreeTarget.NodesOf(40).Select((node, at) => ($"node-{at}", node.Bytes.ToArray()));
}

/// <summary>
/// A tree of several nodes: verifying ends, refuses with <see cref="FormatException"/> or names the missing node, and finds good only the one tree
/// that its entries have; look-ups find what verifying found.
/// </summary>
/// <remarks>
/// An input is nodes, children before parents, each behind its length (2 bytes) and the CID that it had. Where a node was changed its new CID
/// takes the place of the old one in the nodes after it, so that a change does not just break a link.
/// </remarks>
internal sealed class TreeTarget() : FuzzTarget("tree", Decoder / 4)
{
    private const int FrameLength = 2 + Cid.ByteLength;

    public override int MaxLength => 4096;

    public override IReadOnlyList<string> Tokens { get; } = ["app.bsky.feed.post/3k", "com.example.other/", "ak", "ap", "at", "av", "al", "ae"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        Nodes source = new(input);
        if (source.Root is not { } root)
        {
            return "no node";
        }

        List<MstEntry> entries = [];
        try
        {
            entries.AddRange(MstVerifier.Verify(root, source));
        }
        catch (FormatException e)
        {
            return e.Message;
        }
        catch (MissingBlockException)
        {
            return "missing";
        }

        MstBuilder builder = new(default, _ => { });
        foreach (MstEntry entry in entries)
        {
            builder.Add(entry);
        }

        Promise.Holds(builder.Finish() == root, "A tree is found good that is not the one its entries have.");
        var tree = MstTree.Load(root, source);
        Promise.Holds(entries.TrueForAll(entry => tree.TryGet(entry.Path, out Cid value) && value == entry.Value), "A look-up misses an entry.");
        return null;
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => ((int[])[1, 3, 12, 40]).Select(size => ($"tree-{size}", Pack(NodesOf(size))));

    /// <summary>The nodes of a tree, children before parents.</summary>
    internal static List<MstNode> NodesOf(int size)
    {
        List<MstNode> nodes = [];
        MstBuilder builder = new(default(Tid), nodes.Add);
        foreach (string path in Enumerable.Range(0, size).Select(Samples.PathOf).Order(StringComparer.Ordinal))
        {
            builder.Add(new MstEntry(path, Cid.ForDagCbor(System.Text.Encoding.ASCII.GetBytes(path))));
        }

        builder.Finish();
        return nodes;
    }

    private static byte[] Pack(List<MstNode> nodes)
    {
        using MemoryStream packed = new();
        Span<byte> length = stackalloc byte[2];
        foreach (MstNode node in nodes)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)node.Bytes.Length);
            packed.Write(length);
            packed.Write(node.Cid.ToArray());
            packed.Write(node.Bytes.Span);
        }

        return packed.ToArray();
    }

    private sealed class Nodes : IMstNodeSource
    {
        private readonly Dictionary<Cid, byte[]> _blocks = [];

        public Nodes(ReadOnlyMemory<byte> input)
        {
            List<(byte[] Old, byte[] New)> moved = [];
            ReadOnlySpan<byte> rest = input.Span;
            while (rest.Length >= FrameLength)
            {
                int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest), rest.Length - FrameLength);
                byte[] old = rest[2..FrameLength].ToArray();
                byte[] bytes = rest.Slice(FrameLength, length).ToArray();
                rest = rest[(FrameLength + length)..];
                foreach ((byte[] before, byte[] after) in moved)
                {
                    Replace(bytes, before, after);
                }

                Root = Cid.ForDagCbor(bytes);
                _blocks.TryAdd(Root.Value, bytes);
                byte[] cid = Root.Value.ToArray();
                if (!cid.AsSpan().SequenceEqual(old))
                {
                    moved.Add((old, cid));
                }
            }
        }

        /// <summary>The last node is the root.</summary>
        public Cid? Root { get; }

        public MstNode Load(Cid cid) => _blocks.TryGetValue(cid, out byte[]? bytes) ? MstNode.Decode(cid, bytes, rev: default) : throw new MissingBlockException(cid);

        private static void Replace(Span<byte> bytes, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
        {
            for (int at = bytes.IndexOf(before); at >= 0; at = bytes.IndexOf(before))
            {
                after.CopyTo(bytes[at..]);
                bytes = bytes[(at + after.Length)..];
            }
        }
    }
}

/// <summary>Commits: only <see cref="FormatException"/> refuses, and what is read is written back byte for byte.</summary>
internal sealed class CommitTarget() : FuzzTarget("commit", Decoder)
{
    public override IReadOnlyList<string> Tokens { get; } = ["cdid", "crev", "csig", "ddata", "dprev", "gversion", "did:plc:", "did:web:"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            var commit = Commit.Decode(input);
            Promise.Holds(commit.HasSignatureOf(Samples.Key, Samples.Signer), "A signature cannot be asked for.");
            if (commit.Prev is null)
            {
                var again = Commit.Sign(commit.Did, commit.Data, commit.Rev, new Signed(commit.Signature.ToArray()));
                Promise.Holds(again.Bytes.Span.SequenceEqual(input.Span), "Two encodings of one commit are read.");
            }

            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => Samples.Changes(3).Select((change, at) => ($"commit-{at}", change.Commit.Bytes.ToArray()));

    private sealed class Signed(byte[] signature) : Domain.Crypto.ISigner
    {
        public Domain.Crypto.PublicKey PublicKey => Samples.Key;

        public void Sign(ReadOnlySpan<byte> message, Span<byte> destination) => signature.CopyTo(destination);
    }
}
