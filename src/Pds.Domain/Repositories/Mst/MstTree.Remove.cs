namespace Pds.Domain.Repositories.Mst;

public sealed partial class MstTree
{
    /// <summary>The tree with one record less.</summary>
    /// <param name="path">The repository path.</param>
    /// <exception cref="InvalidOperationException">There is no record at the path.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public MstTree Remove(string path) => Trim(RemoveUntrimmed(path));

    /// <summary>As <see cref="Remove"/> for a tree of which a part is missing: a root that is only a CID stays one.</summary>
    internal MstTree RemovePartial(string path)
    {
        MstTree tree = RemoveUntrimmed(path);
        try
        {
            return Trim(tree);
        }
        catch (MissingBlockException)
        {
            // What is left hangs below a subtree that nobody needed to send, and so is the tree from before the commit.
            MstChild root = tree._root;
            int layer = tree._layer;
            while (root.Node is { Count: 0, IsEmpty: false } node)
            {
                root = node.Child(0);
                layer--;
            }

            return new(root, layer, _source);
        }
    }

    private MstTree RemoveUntrimmed(string path)
    {
        MstNode? root = RemoveFrom(LoadRoot(), Layer, MstKey.Encode(path));
        return root is null ? With(new([], null), 0) : With(root, Layer);
    }

    /// <summary>Drops root nodes that have no key, down to one that has.</summary>
    private MstTree Trim(MstTree tree)
    {
        MstNode root = tree.LoadRoot();
        int layer = tree._layer;
        while (root.Count == 0 && !root.IsEmpty)
        {
            root = LoadChild(root, 0, layer--);
        }

        return ReferenceEquals(root, tree._root.Node) ? tree : With(root, layer);
    }

    /// <summary>A node without a key; <see langword="null"/> when nothing is left of it.</summary>
    private MstNode? RemoveFrom(MstNode node, int layer, ReadOnlySpan<byte> key)
    {
        int slot = node.Find(key, out bool found);
        if (found)
        {
            MstChild merged = Merge(node, slot, node, slot + 1, layer);
            return node.Count == 1 && !merged.Exists ? null : node.WithoutLeaf(slot, merged);
        }

        if (!node.HasChild(slot))
        {
            throw Vacant(key);
        }

        MstNode? child = RemoveFrom(LoadChild(node, slot, layer), layer - 1, key);
        return child is null && node.Count == 0 ? null : node.WithChild(slot, MstChild.Of(child));
    }

    /// <summary>One subtree, a layer below its parents, of two whose keys follow upon each other.</summary>
    private MstChild Merge(MstNode leftParent, int leftSlot, MstNode rightParent, int rightSlot, int layer)
    {
        if (!leftParent.HasChild(leftSlot))
        {
            return rightParent.Child(rightSlot);
        }

        if (!rightParent.HasChild(rightSlot))
        {
            return leftParent.Child(leftSlot);
        }

        MstNode left = LoadChild(leftParent, leftSlot, layer);
        MstNode right = LoadChild(rightParent, rightSlot, layer);
        return MstChild.Of(left.Joined(right, Merge(left, left.Count, right, 0, layer - 1)));
    }
}
