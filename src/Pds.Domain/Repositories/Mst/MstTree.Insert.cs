using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

public sealed partial class MstTree
{
    /// <summary>The tree with one more record.</summary>
    /// <param name="path">The repository path.</param>
    /// <param name="value">The CID of the record.</param>
    /// <exception cref="InvalidOperationException">There is a record at the path.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public MstTree Insert(string path, Cid value)
    {
        MstLeaf leaf = new(MstKey.Encode(path), value);
        int height = KeyHeight.Of(leaf.Key);
        MstNode root = LoadRoot();
        if (root.IsEmpty)
        {
            return With(MstNode.Of(leaf, MstChild.None, MstChild.None), height);
        }

        int layer = Layer;
        if (height <= layer)
        {
            return With(InsertInto(root, layer, leaf, height), layer);
        }

        (MstChild left, MstChild right) = Split(root, layer, leaf.Key);
        left = Raise(left, layer, height - 1);
        right = Raise(right, layer, height - 1);
        return With(MstNode.Of(leaf, left, right), height);
    }

    /// <summary>The tree with another record at a path.</summary>
    /// <param name="path">The repository path.</param>
    /// <param name="value">The CID of the record.</param>
    /// <exception cref="InvalidOperationException">There is no record at the path.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public MstTree Update(string path, Cid value)
    {
        MstNode root = LoadRoot();
        MstNode changed = UpdateIn(root, Layer, MstKey.Encode(path), value);
        return ReferenceEquals(root, changed) ? this : With(changed, Layer);
    }

    private MstNode InsertInto(MstNode node, int layer, MstLeaf leaf, int height)
    {
        int slot = node.Find(leaf.Key, out bool found);
        if (found)
        {
            throw Occupied(leaf.Key);
        }

        if (layer == height)
        {
            (MstChild left, MstChild right) = SplitChild(node, slot, layer, leaf.Key);
            return node.WithLeaf(slot, leaf, left, right);
        }

        if (node.HasChild(slot))
        {
            return node.WithChild(slot, MstChild.Of(InsertInto(LoadChild(node, slot, layer), layer - 1, leaf, height)));
        }

        MstChild single = MstChild.Of(MstNode.Of(leaf, MstChild.None, MstChild.None));
        return node.WithChild(slot, Raise(single, height, layer - 1));
    }

    private (MstChild Left, MstChild Right) SplitChild(MstNode node, int slot, int layer, ReadOnlySpan<byte> key) =>
        node.HasChild(slot) ? Split(LoadChild(node, slot, layer), layer - 1, key) : default;

    /// <summary>The subtrees of what is less and what is greater than a key; a half that is empty does not exist.</summary>
    private (MstChild Left, MstChild Right) Split(MstNode node, int layer, ReadOnlySpan<byte> key)
    {
        int slot = node.Find(key, out bool found);
        if (found)
        {
            throw Occupied(key);
        }

        (MstChild left, MstChild right) = SplitChild(node, slot, layer, key);
        if (slot == node.Count && !right.Exists)
        {
            return (MstChild.Of(node), MstChild.None);
        }

        if (slot == 0 && !left.Exists)
        {
            return (MstChild.None, MstChild.Of(node));
        }

        return (node.Before(slot, left), node.After(slot, right));
    }

    private MstNode UpdateIn(MstNode node, int layer, ReadOnlySpan<byte> key, Cid value)
    {
        int slot = node.Find(key, out bool found);
        if (found)
        {
            return node.Leaves[slot].Value == value ? node : node.WithValue(slot, value);
        }

        if (!node.HasChild(slot))
        {
            throw Vacant(key);
        }

        MstNode child = LoadChild(node, slot, layer);
        MstNode changed = UpdateIn(child, layer - 1, key, value);
        return ReferenceEquals(child, changed) ? node : node.WithChild(slot, MstChild.Of(changed));
    }

    /// <summary>Puts nodes without keys on top of a subtree until it reaches a layer.</summary>
    private static MstChild Raise(MstChild child, int from, int to)
    {
        for (int layer = from; layer < to && child.Exists; layer++)
        {
            child = MstChild.Of(MstNode.PointerTo(child));
        }

        return child;
    }

    private static InvalidOperationException Occupied(ReadOnlySpan<byte> key) =>
        new($"There is already a record at {MstKey.Decode(key)}.");

    private static InvalidOperationException Vacant(ReadOnlySpan<byte> key) => new($"There is no record at {MstKey.Decode(key)}.");
}
