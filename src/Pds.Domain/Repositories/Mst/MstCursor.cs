namespace Pds.Domain.Repositories.Mst;

/// <summary>A place in a tree, which moves forward in key order and may pass over subtrees without loading them.</summary>
/// <remarks>It stands on a subtree, on a leaf or at the end, at first on the root. Nodes it loads are not remembered by their parents.</remarks>
internal sealed class MstCursor(MstChild root, int rootLayer, IMstNodeSource source)
{
    private Frame[] _frames = new Frame[12];
    private int _depth;
    private bool _atRoot = true;
    private MstNode? _loaded;

    /// <summary>Whether nothing is left.</summary>
    public bool AtEnd => _depth == 0 && !_atRoot;

    /// <summary>Whether a subtree is next; otherwise a leaf is, or the end.</summary>
    public bool AtSubtree => _atRoot || (_depth > 0 && (Top.Position & 1) == 0);

    /// <summary>The subtree that is next.</summary>
    public MstChild Subtree => _atRoot ? root : Top.Node.Child(Top.Position >> 1);

    /// <summary>The layer of the subtree that is next.</summary>
    public int SubtreeLayer => rootLayer - _depth;

    /// <summary>The leaf that is next.</summary>
    public MstLeaf Leaf => Top.Node.Leaves[Top.Position >> 1];

    private ref Frame Top => ref _frames[_depth - 1];

    /// <summary>The root node of the subtree that is next.</summary>
    /// <exception cref="FormatException">It lies below the lowest layer.</exception>
    public MstNode LoadSubtree()
    {
        if (SubtreeLayer < 0)
        {
            throw new FormatException("The tree has nodes below its lowest layer.");
        }

        MstChild child = Subtree;
        return _loaded ??= child.Node ?? source.Load(child.Cid);
    }

    /// <summary>Goes past the subtree or leaf that is next.</summary>
    public void Skip()
    {
        _loaded = null;
        if (_atRoot)
        {
            _atRoot = false;
            return;
        }

        Top.Position++;
        Settle();
    }

    /// <summary>Goes to the first thing inside the subtree that is next.</summary>
    public void Enter() => Push(0);

    /// <summary>Goes into the subtree that is next, to the first leaf in it that is not less than a key or to the subtree that may hold that.</summary>
    /// <returns>Whether it stands on a subtree to be entered in the same way.</returns>
    public bool Enter(ReadOnlySpan<byte> key)
    {
        int slot = LoadSubtree().Find(key, out bool found);
        bool below = !found && LoadSubtree().HasChild(slot);
        Push(below ? 2 * slot : (2 * slot) + 1);
        return below;
    }

    private void Push(int position)
    {
        MstNode node = LoadSubtree();
        _loaded = null;
        if (_atRoot)
        {
            _atRoot = false;
        }
        else
        {
            Top.Position++;
        }

        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, 2 * _depth);
        }

        _frames[_depth++] = new() { Node = node, Position = position };
        Settle();
    }

    /// <summary>Moves on from places where nothing is.</summary>
    private void Settle()
    {
        while (_depth > 0)
        {
            ref Frame top = ref Top;
            if (top.Position > 2 * top.Node.Count)
            {
                _frames[--_depth] = default;
            }
            else if ((top.Position & 1) == 0 && !top.Node.HasChild(top.Position >> 1))
            {
                top.Position++;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>A node on the way; even positions are its subtrees, odd ones its leaves.</summary>
    private struct Frame
    {
        public MstNode Node;
        public int Position;
    }
}
