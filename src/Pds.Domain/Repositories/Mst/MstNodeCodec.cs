using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

/// <summary>The DAG-CBOR form of a node: <c>{e: [{k, p, t, v}], l}</c>.</summary>
/// <remarks>
/// <c>l</c> is the first subtree, each <c>t</c> the subtree right of its entry; both are null, never absent, when there is none.
/// <c>p</c> counts the bytes a key shares with the key before it in the same node, <c>k</c> is the rest as a byte string.
/// <para>Source: <see href="https://atproto.com/specs/repository#mst-structure"/></para>
/// </remarks>
internal static class MstNodeCodec
{
    private const int LinkLength = 5 + Cid.ByteLength;
    private const byte NameHead = (DagCborHead.Text << 5) | 1;

    // Heads and names, one byte each for the rest of the key, its length and p, a null t, and v.
    private const int SmallestEntry = 1 + (4 * 2) + 4 + LinkLength;

    private static ReadOnlySpan<byte> StartOfNode => [(DagCborHead.Map << 5) | 2, NameHead, (byte)'e'];

    private static ReadOnlySpan<byte> StartOfEntry => [(DagCborHead.Map << 5) | 4, NameHead, (byte)'k'];

    /// <summary>The bytes of a node whose subtrees all have CIDs. Written at one go, since a commit does this for every layer.</summary>
    public static byte[] Encode(MstNode node)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(LengthOf(node));
        Span<byte> rest = bytes;
        Put(ref rest, StartOfNode);
        PutHead(ref rest, DagCborHead.Array, node.Count);
        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < node.Count; i++)
        {
            ref readonly MstLeaf leaf = ref node.Leaves[i];
            ReadOnlySpan<byte> key = leaf.Key;
            int prefix = MstKey.CommonPrefix(previous, key);
            Put(ref rest, StartOfEntry);
            PutHead(ref rest, DagCborHead.Bytes, key.Length - prefix);
            Put(ref rest, key[prefix..]);
            PutName(ref rest, (byte)'p');
            PutHead(ref rest, DagCborHead.Unsigned, prefix);
            PutName(ref rest, (byte)'t');
            PutLink(ref rest, node.ChildCid(i + 1));
            PutName(ref rest, (byte)'v');
            PutLink(ref rest, leaf.Value);
            previous = key;
        }

        PutName(ref rest, (byte)'l');
        PutLink(ref rest, node.ChildCid(0));
        return rest.IsEmpty ? bytes : throw new InvalidOperationException("A tree node came out shorter than computed.");
    }

    /// <summary>Reads a node that is not yet told its CID.</summary>
    /// <exception cref="FormatException">The bytes are not a tree node.</exception>
    public static MstNode Read(ReadOnlySpan<byte> bytes)
    {
        DagCborReader reader = new(bytes);
        ReadMap(ref reader, 2);
        ReadName(ref reader, "e"u8);
        int count = reader.ReadArrayHeader();
        if (count > (bytes.Length - reader.Position) / SmallestEntry)
        {
            throw new FormatException("A tree node announces more entries than it holds.");
        }

        MstLeaf[] leaves = count == 0 ? [] : new MstLeaf[count];
        MstChild[]? children = null;
        byte[] previous = [];
        for (int i = 0; i < count; i++)
        {
            previous = ReadEntry(ref reader, previous, out Cid value, out MstChild right);
            leaves[i] = new(previous, value);
            if (right.Exists)
            {
                (children ??= new MstChild[count + 1])[i + 1] = right;
            }
        }

        ReadName(ref reader, "l"u8);
        MstChild left = ReadLink(ref reader);
        if (left.Exists)
        {
            (children ??= new MstChild[count + 1])[0] = left;
        }

        reader.ReadEnd();
        return new(leaves, children);
    }

    private static byte[] ReadEntry(ref DagCborReader reader, ReadOnlySpan<byte> previous, out Cid value, out MstChild right)
    {
        ReadMap(ref reader, 4);
        ReadName(ref reader, "k"u8);
        ReadOnlySpan<byte> rest = reader.ReadBytes();
        ReadName(ref reader, "p"u8);
        long prefix = reader.ReadInteger();
        byte[] key = ReadKey(previous, prefix, rest);
        ReadName(ref reader, "t"u8);
        right = ReadLink(ref reader);
        ReadName(ref reader, "v"u8);
        value = reader.ReadCid();
        return key;
    }

    private static byte[] ReadKey(ReadOnlySpan<byte> previous, long prefix, ReadOnlySpan<byte> rest)
    {
        if (prefix < 0 || prefix > previous.Length)
        {
            throw new FormatException("A prefix in a tree node is longer than the key before it.");
        }

        int shared = (int)prefix;
        if (shared + rest.Length > MstKey.MaxLength)
        {
            throw new FormatException("A key in a tree node is too long.");
        }

        // One comparison says both: the keys ascend, and the prefix could not be longer.
        if (rest.IsEmpty || (shared < previous.Length && rest[0] <= previous[shared]))
        {
            throw new FormatException("The keys of a tree node do not ascend, or a prefix is shorter than it could be.");
        }

        byte[] key = new byte[shared + rest.Length];
        previous[..shared].CopyTo(key);
        rest.CopyTo(key.AsSpan(shared));
        return MstKey.IsValid(key) ? key : throw new FormatException("A key in a tree node is no repository path.");
    }

    private static void ReadMap(ref DagCborReader reader, int pairs)
    {
        if (reader.ReadMapHeader() != pairs)
        {
            throw new FormatException("A map of a tree node has not the fields it should have.");
        }
    }

    private static void ReadName(ref DagCborReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ReadTextUtf8().SequenceEqual(name))
        {
            throw new FormatException("A map of a tree node has not the fields it should have.");
        }
    }

    private static MstChild ReadLink(ref DagCborReader reader)
    {
        if (reader.TryReadNull())
        {
            return MstChild.None;
        }

        Cid cid = reader.ReadCid();
        return cid.Codec == CidCodec.DagCbor ? MstChild.Stub(cid) : throw new FormatException("A tree node links to a block that is no node.");
    }

    private static int LengthOf(MstNode node)
    {
        int length = StartOfNode.Length + DagCborHead.LengthOf((ulong)node.Count);
        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < node.Count; i++)
        {
            ReadOnlySpan<byte> key = node.Leaves[i].Key;
            int prefix = MstKey.CommonPrefix(previous, key);
            int rest = key.Length - prefix;
            length += StartOfEntry.Length + DagCborHead.LengthOf((ulong)rest) + rest;
            length += 2 + DagCborHead.LengthOf((ulong)prefix);
            length += 2 + LinkLengthOf(node.ChildCid(i + 1)) + 2 + LinkLength;
            previous = key;
        }

        return length + 2 + LinkLengthOf(node.ChildCid(0));
    }

    private static int LinkLengthOf(Cid cid) => cid.Codec == CidCodec.None ? 1 : LinkLength;

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void PutName(ref Span<byte> rest, byte name)
    {
        rest[1] = name;
        rest[0] = NameHead;
        rest = rest[2..];
    }

    private static void PutHead(ref Span<byte> rest, byte major, int argument) =>
        rest = rest[DagCborHead.Write(rest, major, (ulong)argument)..];

    private static void PutLink(ref Span<byte> rest, Cid cid)
    {
        if (cid.Codec == CidCodec.None)
        {
            rest[0] = DagCborHead.Null;
            rest = rest[1..];
            return;
        }

        Put(ref rest, DagCborHead.Link);
        cid.CopyTo(rest);
        rest = rest[Cid.ByteLength..];
    }
}
