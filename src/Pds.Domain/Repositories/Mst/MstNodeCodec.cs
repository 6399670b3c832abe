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
    // Map head, the four names, one byte each for p and a null t, head of k with one byte, and the link v.
    private const int SmallestEntry = 1 + (4 * 2) + 1 + 1 + 2 + 41;

    /// <summary>Writes a node whose subtrees all have CIDs.</summary>
    public static void Write(DagCborWriter writer, MstNode node)
    {
        writer.WriteMapHeader(2);
        writer.WriteText("e"u8);
        writer.WriteArrayHeader(node.Count);
        ReadOnlySpan<byte> previous = default;
        for (int i = 0; i < node.Count; i++)
        {
            MstLeaf leaf = node.Leaves[i];
            int prefix = MstKey.CommonPrefix(previous, leaf.Key);
            writer.WriteMapHeader(4);
            writer.WriteText("k"u8);
            writer.WriteBytes(leaf.Key.AsSpan(prefix));
            writer.WriteText("p"u8);
            writer.WriteInteger(prefix);
            writer.WriteText("t"u8);
            WriteLink(writer, node.Child(i + 1));
            writer.WriteText("v"u8);
            writer.WriteCid(leaf.Value);
            previous = leaf.Key;
        }

        writer.WriteText("l"u8);
        WriteLink(writer, node.Child(0));
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

    private static void WriteLink(DagCborWriter writer, MstChild child)
    {
        if (child.Exists)
        {
            writer.WriteCid(child.Cid);
        }
        else
        {
            writer.WriteNull();
        }
    }
}
