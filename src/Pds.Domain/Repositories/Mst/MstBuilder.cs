using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories.Mst;

/// <summary>Builds a tree from its records, given in ascending order, and hands out each node as soon as it is complete.</summary>
/// <remarks>
/// It keeps one unfinished node for each layer, so its memory does not grow with the tree. Nodes come before the ones that refer to them; the
/// root comes last. Used by one thread.
/// </remarks>
public sealed class MstBuilder
{
    private readonly Func<MstNode, MstChild> _complete;
    private readonly List<Level> _levels = [];
    private byte[] _previous = [];

    /// <summary>A tree without records yet.</summary>
    /// <param name="rev">The revision of the commit that makes the nodes.</param>
    /// <param name="completed">Takes a node, sealed.</param>
    public MstBuilder(Tid rev, Action<MstNode> completed)
        : this(node => Release(node, rev, completed))
    {
    }

    /// <summary>A tree without records yet.</summary>
    /// <param name="complete">Says what stands for a complete node in its parent.</param>
    internal MstBuilder(Func<MstNode, MstChild> complete) => _complete = complete;

    /// <summary>The layer of the root, for records added so far.</summary>
    internal int RootLayer => Math.Max(0, _levels.Count - 1);

    /// <summary>Adds the next record.</summary>
    /// <exception cref="ArgumentException">The path is none, or the order is not kept.</exception>
    public void Add(MstEntry entry)
    {
        MstLeaf leaf = new(MstKey.Encode(entry.Path), entry.Value);
        if (leaf.Key.AsSpan().SequenceCompareTo(_previous) <= 0)
        {
            throw new ArgumentException("The paths do not ascend.", nameof(entry));
        }

        int height = KeyHeight.Of(leaf.Key);
        MstChild below = FinishBelow(height);
        while (_levels.Count <= height)
        {
            _levels.Add(new());
        }

        _levels[height].Add(below, leaf);
        _previous = leaf.Key;
    }

    /// <summary>Completes the nodes that are left. Nothing can be added afterwards.</summary>
    /// <returns>The CID of the root.</returns>
    public Cid Finish()
    {
        MstChild root = FinishRoot();
        return root.Exists ? root.Cid : _complete(new([], null)).Cid;
    }

    /// <summary>As <see cref="Finish"/>; nothing when there are no records.</summary>
    internal MstChild FinishRoot() => FinishBelow(_levels.Count);

    private static MstChild Release(MstNode node, Tid rev, Action<MstNode> completed)
    {
        node.Seal(rev);
        completed(node);
        return MstChild.Stub(node.Cid);
    }

    /// <summary>Completes what has been collected below a layer.</summary>
    private MstChild FinishBelow(int layer)
    {
        MstChild below = MstChild.None;
        for (int i = 0; i < layer; i++)
        {
            // A layer without keys has a bare pointer, since a subtree may not skip it.
            below = i < _levels.Count ? Complete(_levels[i].Finish(below)) : below.Exists ? Complete(MstNode.PointerTo(below)) : below;
        }

        return below;
    }

    private MstChild Complete(MstNode? node) => node is null ? MstChild.None : _complete(node);

    /// <summary>The node of one layer that is being filled.</summary>
    private sealed class Level
    {
        private readonly List<MstLeaf> _leaves = [];
        private readonly List<MstChild> _children = [];
        private bool _hasChild;

        public void Add(MstChild left, MstLeaf leaf)
        {
            _children.Add(left);
            _leaves.Add(leaf);
            _hasChild |= left.Exists;
        }

        public MstNode? Finish(MstChild last)
        {
            if (_leaves.Count == 0)
            {
                return last.Exists ? MstNode.PointerTo(last) : null;
            }

            _children.Add(last);
            MstNode node = new(_leaves.ToArray(), _hasChild || last.Exists ? _children.ToArray() : null);
            _leaves.Clear();
            _children.Clear();
            _hasChild = false;
            return node;
        }
    }
}
