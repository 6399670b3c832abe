using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories.Mst;

/// <summary>A node of a Merkle Search Tree: keys of one height with the subtrees between them.</summary>
/// <remarks>
/// Keys and subtrees never change. What may change, in one direction only: bytes, CID and revision appear when the node is sealed, a
/// subtree that was only a CID gets its node when somebody needs it (two threads may both load it; either result will do), and
/// the node becomes stored.
/// </remarks>
public sealed class MstNode
{
    private readonly MstLeaf[] _leaves;
    private readonly MstChild[]? _children;     // one more than leaves; null when there is no subtree at all, as in most nodes
    private Cid _cid;
    private ReadOnlyMemory<byte> _bytes;
    private Tid _rev;
    private volatile bool _isStored;

    internal MstNode(MstLeaf[] leaves, MstChild[]? children)
    {
        _leaves = leaves;
        _children = children;
    }

    /// <summary>The CID of the node.</summary>
    /// <exception cref="InvalidOperationException">The node is not sealed.</exception>
    public Cid Cid => IsSealed ? _cid : throw NotSealed();

    /// <summary>The node as DAG-CBOR.</summary>
    /// <exception cref="InvalidOperationException">The node is not sealed.</exception>
    public ReadOnlyMemory<byte> Bytes => IsSealed ? _bytes : throw NotSealed();

    /// <summary>The revision of the commit that made the node; the default for nodes of foreign trees and those not sealed.</summary>
    public Tid Rev => _rev;

    /// <summary>Whether the node is known to lie in the store: true after <see cref="Decode"/>, otherwise since <see cref="MarkStored"/>.</summary>
    public bool IsStored => _isStored;

    /// <summary>The keys, ascending.</summary>
    internal ReadOnlySpan<MstLeaf> Leaves => _leaves;

    /// <summary>The number of keys.</summary>
    internal int Count => _leaves.Length;

    /// <summary>Whether bytes and CID are known.</summary>
    internal bool IsSealed => !_bytes.IsEmpty;

    /// <summary>Whether there is neither a key nor a subtree.</summary>
    internal bool IsEmpty => _leaves.Length == 0 && !HasChild(0);

    /// <summary>Reads a node strictly: canonical DAG-CBOR, legal keys in ascending order, prefixes as long as can be.</summary>
    /// <remarks>Heights are not looked at: see <see cref="MstVerifier"/>. Nor is the CID compared with the bytes.</remarks>
    /// <param name="cid">The CID of the bytes.</param>
    /// <param name="bytes">The node; the memory is kept.</param>
    /// <param name="rev">The revision of the commit that made the node, default when unknown.</param>
    /// <exception cref="FormatException">The bytes are not a tree node.</exception>
    public static MstNode Decode(Cid cid, ReadOnlyMemory<byte> bytes, Tid rev)
    {
        MstNode node = MstNodeCodec.Read(bytes.Span);
        node._cid = cid;
        node._rev = rev;
        node._isStored = true;
        node._bytes = bytes;
        return node;
    }

    /// <summary>Notes that the node and everything below it lie in the store.</summary>
    public void MarkStored() => _isStored = true;

    /// <summary>Whether there is a subtree left of the key at an index; the index after the last key asks for the last subtree.</summary>
    internal bool HasChild(int slot) => _children is not null && _children[slot].Exists;

    /// <summary>The subtree left of the key at an index.</summary>
    internal MstChild Child(int slot) => _children is null ? MstChild.None : _children[slot];

    /// <summary>The CID of the subtree in a place; the default one when there is none or it is not sealed.</summary>
    internal Cid ChildCid(int slot) => _children is null ? default : _children[slot].Cid;

    /// <summary>The node of a subtree that exists, loaded and remembered when it was not in memory.</summary>
    internal MstNode LoadChild(int slot, IMstNodeSource source)
    {
        ref MstChild child = ref _children![slot];
        return child.Node ??= source.Load(child.Cid);
    }

    /// <summary>Bytes of this node and of those below it that are in memory.</summary>
    internal long CountLoadedBytes()
    {
        long bytes = _bytes.Length;
        foreach (MstChild child in _children ?? [])
        {
            bytes += child.Node?.CountLoadedBytes() ?? 0;
        }

        return bytes;
    }

    /// <summary>The index of the first key that is not less than the given one.</summary>
    internal int Find(ReadOnlySpan<byte> key, out bool found)
    {
        MstLeaf[] leaves = _leaves;
        int low = 0;
        int high = leaves.Length;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            int order = key.SequenceCompareTo(leaves[middle].Key);
            if (order == 0)
            {
                found = true;
                return middle;
            }

            if (order < 0)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        found = false;
        return low;
    }

    /// <summary>Computes bytes, CID and revision of this node and of those below it that have none.</summary>
    internal void Seal(Tid rev)
    {
        foreach (ref MstChild child in _children.AsSpan())
        {
            if (child.Node is { } node && child.Cid.Codec == CidCodec.None)
            {
                if (!node.IsSealed)
                {
                    node.Seal(rev);
                }

                child.Cid = node._cid;
            }
        }

        byte[] bytes = MstNodeCodec.Encode(this);
        _cid = Cid.ForDagCbor(bytes);
        _rev = rev;
        _bytes = bytes;
    }

    /// <summary>A node with one key.</summary>
    internal static MstNode Of(MstLeaf leaf, MstChild left, MstChild right) =>
        new([leaf], left.Exists || right.Exists ? [left, right] : null);

    /// <summary>A node with no key, which stands between layers that are not next to each other.</summary>
    internal static MstNode PointerTo(MstChild child) => new([], [child]);

    /// <summary>This node with a key more; the subtree at its place is replaced by two.</summary>
    internal MstNode WithLeaf(int index, MstLeaf leaf, MstChild left, MstChild right)
    {
        MstLeaf[] leaves = new MstLeaf[_leaves.Length + 1];
        _leaves.AsSpan(0, index).CopyTo(leaves);
        leaves[index] = leaf;
        _leaves.AsSpan(index).CopyTo(leaves.AsSpan(index + 1));
        if (_children is null && !left.Exists && !right.Exists)
        {
            return new(leaves, null);
        }

        MstChild[] children = new MstChild[leaves.Length + 1];
        if (_children is not null)
        {
            _children.AsSpan(0, index).CopyTo(children);
            _children.AsSpan(index + 1).CopyTo(children.AsSpan(index + 2));
        }

        children[index] = left;
        children[index + 1] = right;
        return new(leaves, children);
    }

    /// <summary>This node with a key less; the subtrees on both sides of it are replaced by one.</summary>
    internal MstNode WithoutLeaf(int index, MstChild merged)
    {
        MstLeaf[] leaves = new MstLeaf[_leaves.Length - 1];
        _leaves.AsSpan(0, index).CopyTo(leaves);
        _leaves.AsSpan(index + 1).CopyTo(leaves.AsSpan(index));
        if (_children is null)
        {
            return new(leaves, null);
        }

        MstChild[] children = new MstChild[leaves.Length + 1];
        _children.AsSpan(0, index).CopyTo(children);
        _children.AsSpan(index + 2).CopyTo(children.AsSpan(index + 1));
        children[index] = merged;
        return new(leaves, children);
    }

    /// <summary>This node with another record at a key.</summary>
    internal MstNode WithValue(int index, Cid value)
    {
        MstLeaf[] leaves = _leaves.AsSpan().ToArray();
        leaves[index] = new(leaves[index].Key, value);
        return new(leaves, _children);
    }

    /// <summary>This node with another subtree in a place.</summary>
    internal MstNode WithChild(int slot, MstChild child)
    {
        MstChild[] children = _children is null ? new MstChild[_leaves.Length + 1] : _children.AsSpan().ToArray();
        children[slot] = child;
        return new(_leaves, children);
    }

    /// <summary>The part of this node left of a place, with another last subtree; nothing when that is empty.</summary>
    internal MstChild Before(int index, MstChild last)
    {
        if (index == 0)
        {
            return last.Exists ? MstChild.Of(PointerTo(last)) : MstChild.None;
        }

        MstChild[]? children = null;
        if (_children is not null || last.Exists)
        {
            children = new MstChild[index + 1];
            _children.AsSpan(0, _children is null ? 0 : index).CopyTo(children);
            children[index] = last;
        }

        return MstChild.Of(new(_leaves.AsSpan(0, index).ToArray(), children));
    }

    /// <summary>The part of this node right of a place, with another first subtree; nothing when that is empty.</summary>
    internal MstChild After(int index, MstChild first)
    {
        if (index == _leaves.Length)
        {
            return first.Exists ? MstChild.Of(PointerTo(first)) : MstChild.None;
        }

        MstChild[]? children = null;
        if (_children is not null || first.Exists)
        {
            children = new MstChild[_leaves.Length - index + 1];
            _children.AsSpan(_children is null ? 0 : index + 1).CopyTo(children.AsSpan(1));
            children[0] = first;
        }

        return MstChild.Of(new(_leaves.AsSpan(index).ToArray(), children));
    }

    /// <summary>The keys of this node and of its right neighbour, with one subtree in place of the two between them.</summary>
    internal MstNode Joined(MstNode right, MstChild middle)
    {
        MstLeaf[] leaves = [.. _leaves, .. right._leaves];
        if (_children is null && right._children is null)
        {
            return new(leaves, null);
        }

        MstChild[] children = new MstChild[leaves.Length + 1];
        _children.AsSpan(0, _children is null ? 0 : _leaves.Length).CopyTo(children);
        right._children.AsSpan(right._children is null ? 0 : 1).CopyTo(children.AsSpan(_leaves.Length + 1));
        children[_leaves.Length] = middle;
        return new(leaves, children);
    }

    private static InvalidOperationException NotSealed() => new("The node is not sealed.");
}
