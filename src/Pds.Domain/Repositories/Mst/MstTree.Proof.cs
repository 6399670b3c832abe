using System.Runtime.InteropServices;

namespace Pds.Domain.Repositories.Mst;

public sealed partial class MstTree
{
    /// <summary>The nodes that prove what is at a path, or that nothing is: those from the root to where the path is or would be.</summary>
    /// <param name="path">The repository path.</param>
    /// <returns>At least the root, which comes first.</returns>
    /// <exception cref="ArgumentException">The path is none.</exception>
    /// <exception cref="InvalidOperationException">The tree is not sealed.</exception>
    public IReadOnlyList<MstNode> Proof(string path)
    {
        byte[] key = MstKey.Encode(path);
        MstNode node = LoadSealedRoot();
        List<MstNode> nodes = [node];
        while (true)
        {
            int slot = node.Find(key, out bool found);
            if (found || !node.HasChild(slot))
            {
                return nodes;
            }

            node = LoadChild(node, slot, KeyHeight.Max + 1 - nodes.Count);
            nodes.Add(node);
        }
    }

    /// <summary>Whether a node is part of this tree, found by going to the place its keys belong to.</summary>
    /// <param name="node">A sealed node, of this tree or of another.</param>
    /// <exception cref="InvalidOperationException">The tree is not sealed.</exception>
    public bool Contains(MstNode node)
    {
        MstNode lowest = node;
        for (int layer = KeyHeight.Max; lowest.Count == 0 && lowest.HasChild(0); layer--)
        {
            lowest = LoadChild(lowest, 0, layer);
        }

        if (lowest.Count == 0)
        {
            return node.Cid == Root;
        }

        foreach (MstNode candidate in Proof(MstKey.Decode(lowest.Leaves[0].Key)))
        {
            if (candidate.Cid == node.Cid)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The nodes a commit event must carry so that a consumer can undo the writes with nothing else at hand.</summary>
    /// <remarks>
    /// These are the nodes made when this tree was sealed, and those on the way to every path and to its neighbour records on both sides.
    /// A neighbour needs no search of its own: where a path is absent both lie on the way to it, and where it is present the one on a
    /// side is on the way as well unless there is a subtree on that side, of which it is the outermost record.
    /// </remarks>
    /// <param name="paths">The paths written to by the commit, deleted ones included, in any order.</param>
    /// <returns>Every node once, parents before children, from left to right.</returns>
    /// <exception cref="ArgumentException">A path is none.</exception>
    /// <exception cref="InvalidOperationException">The tree is not sealed.</exception>
    public IReadOnlyList<MstNode> CoveringNodes(IEnumerable<string> paths)
    {
        List<byte[]> keys = [];
        foreach (string path in paths)
        {
            keys.Add(MstKey.Encode(path));
        }

        keys.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        List<MstNode> nodes = [];
        Cover(LoadSealedRoot(), KeyHeight.Max, CollectionsMarshal.AsSpan(keys), Edges.None, nodes);
        return nodes;
    }

    /// <summary>Adds a node and those below it that are new, on the way to one of the keys, or at an edge asked for.</summary>
    private void Cover(MstNode node, int layer, ReadOnlySpan<byte[]> keys, Edges edges, List<MstNode> nodes)
    {
        nodes.Add(node);
        int next = 0;
        bool afterKey = edges.HasFlag(Edges.Left);
        for (int slot = 0; slot <= node.Count; slot++)
        {
            int first = next;
            bool beforeKey = slot == node.Count ? edges.HasFlag(Edges.Right) : Skip(keys, node.Leaves[slot].Key, ref next);
            int end = slot == node.Count ? keys.Length : next;
            Edges wanted = (afterKey ? Edges.Left : Edges.None) | (beforeKey ? Edges.Right : Edges.None);
            if (node.HasChild(slot) && (end > first || wanted != Edges.None || IsNew(node.Child(slot))))
            {
                Cover(LoadChild(node, slot, layer), layer - 1, keys[first..end], wanted, nodes);
            }

            afterKey = beforeKey;
            while (beforeKey && next < keys.Length && slot < node.Count && keys[next].AsSpan().SequenceEqual(node.Leaves[slot].Key))
            {
                next++;
            }
        }
    }

    /// <summary>Passes over the keys less than one; true when that one comes next.</summary>
    private static bool Skip(ReadOnlySpan<byte[]> keys, ReadOnlySpan<byte> key, ref int next)
    {
        for (; next < keys.Length; next++)
        {
            int order = keys[next].AsSpan().SequenceCompareTo(key);
            if (order >= 0)
            {
                return order == 0;
            }
        }

        return false;
    }

    private bool IsNew(in MstChild child) => child.Node is { } node && _sealedAs is { } rev && node.Rev == rev;

    private MstNode LoadSealedRoot()
    {
        MstNode root = LoadRoot();
        return root.IsSealed ? root : throw new InvalidOperationException("The tree is not sealed.");
    }

    /// <summary>Which outermost records of a subtree are neighbours of a path.</summary>
    [Flags]
    private enum Edges
    {
        None = 0,
        Left = 1,
        Right = 2,
    }
}
