using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

/// <summary>Checks that a tree somebody else made is the one tree its records can have.</summary>
public static class MstVerifier
{
    /// <summary>The greatest number of keys in one node of a foreign tree, unless told otherwise.</summary>
    /// <remarks>
    /// An honest node has four keys on average. Many keys of one height without a higher one between them can be mined, and make every
    /// later commit carry a large node.
    /// </remarks>
    public const int MaxEntriesPerNode = 1000;

    /// <summary>Walks a whole tree and checks every node as it is met. Keeps in memory only the nodes between the root and the current place.</summary>
    /// <remarks>The tree is good when the walk has come to its end. The records themselves are not looked at.</remarks>
    /// <param name="root">The CID of the root node, which is the commit's <c>data</c>.</param>
    /// <param name="source">Where the nodes are; nothing about it is trusted.</param>
    /// <param name="maxEntriesPerNode">The greatest number of keys a node may have.</param>
    /// <returns>The records in ascending order of their paths.</returns>
    /// <exception cref="FormatException">A node is malformed, not where it belongs, or not what its CID says.</exception>
    /// <exception cref="MissingBlockException">A node is not there.</exception>
    public static IEnumerable<MstEntry> Verify(Cid root, IMstNodeSource source, int maxEntriesPerNode = MaxEntriesPerNode)
    {
        MstNode top = source.Load(root);
        int layer = top.Count == 0 ? 0 : KeyHeight.Of(top.Leaves[0].Key);
        if (top.Count == 0 && !top.IsEmpty)
        {
            throw new FormatException("The root of the tree is a bare pointer.");
        }

        MstCursor cursor = new(MstChild.Stub(root), layer, source);
        byte[] previous = [];
        while (!cursor.AtEnd)
        {
            if (cursor.AtSubtree)
            {
                MstNode node = cursor.LoadSubtree();
                Check(node, cursor.Subtree.Cid, cursor.SubtreeLayer, maxEntriesPerNode);
                if (node.IsEmpty && node.Cid != root)
                {
                    throw new FormatException("A node of the tree is empty.");
                }

                cursor.Enter();
            }
            else
            {
                MstLeaf leaf = cursor.Leaf;
                if (leaf.Key.AsSpan().SequenceCompareTo(previous) <= 0)
                {
                    throw new FormatException("The keys of the tree do not ascend.");
                }

                previous = leaf.Key;
                yield return leaf.ToEntry();
                cursor.Skip();
            }
        }
    }

    private static void Check(MstNode node, Cid cid, int layer, int maxEntries)
    {
        if (node.Cid != cid || !cid.Matches(node.Bytes.Span))
        {
            throw new FormatException($"The bytes of the node {cid} do not hash to its CID.");
        }

        if (node.Count > maxEntries)
        {
            throw new FormatException($"A node of the tree has {node.Count} keys, more than {maxEntries}.");
        }

        foreach (MstLeaf leaf in node.Leaves)
        {
            if (KeyHeight.Of(leaf.Key) != layer)
            {
                throw new FormatException($"The key {MstKey.Decode(leaf.Key)} is not in the layer of its height.");
            }
        }
    }
}
