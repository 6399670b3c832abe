using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories.Mst;

public sealed partial class MstTree
{
    /// <summary>The tree of given records, sealed. Takes time and memory in proportion to their number.</summary>
    /// <param name="sorted">The records, in strictly ascending order of their paths' bytes.</param>
    /// <param name="rev">The revision of the commit that makes the nodes.</param>
    /// <exception cref="ArgumentException">A path is none, or the order is not kept.</exception>
    public static MstTree Build(IEnumerable<MstEntry> sorted, Tid rev)
    {
        List<Level> levels = [];
        byte[] previous = [];
        foreach (MstEntry entry in sorted)
        {
            MstLeaf leaf = new(MstKey.Encode(entry.Path), entry.Value);
            if (leaf.Key.AsSpan().SequenceCompareTo(previous) <= 0)
            {
                throw new ArgumentException("The paths do not ascend.", nameof(sorted));
            }

            int height = KeyHeight.Of(leaf.Key);
            MstChild below = Finish(levels, height);
            while (levels.Count <= height)
            {
                levels.Add(new());
            }

            levels[height].Add(below, leaf);
            previous = leaf.Key;
        }

        MstChild root = Finish(levels, levels.Count);
        return new MstTree(root.Exists ? root : Empty._root, Math.Max(0, levels.Count - 1), NoNodes.Instance).Seal(rev);
    }

    /// <summary>Makes nodes of what has been collected below a layer.</summary>
    private static MstChild Finish(List<Level> levels, int layer)
    {
        MstChild below = MstChild.None;
        for (int i = 0; i < Math.Min(layer, levels.Count); i++)
        {
            below = levels[i].Finish(below);
        }

        // Layers not seen before have no keys, but a subtree may not skip them.
        return Raise(below, Math.Max(0, Math.Min(layer, levels.Count) - 1), layer - 1);
    }

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

        public MstChild Finish(MstChild last)
        {
            if (_leaves.Count == 0)
            {
                return last.Exists ? MstChild.Of(MstNode.PointerTo(last)) : MstChild.None;
            }

            _children.Add(last);
            MstNode node = new(_leaves.ToArray(), _hasChild || last.Exists ? _children.ToArray() : null);
            _leaves.Clear();
            _children.Clear();
            _hasChild = false;
            return MstChild.Of(node);
        }
    }
}
