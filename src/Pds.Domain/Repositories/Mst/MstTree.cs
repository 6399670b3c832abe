using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories.Mst;

/// <summary>A Merkle Search Tree: the sorted map from repository paths to record CIDs that a commit signs.</summary>
/// <remarks>
/// Immutable. Every change gives a new tree that shares the nodes it did not touch, and nodes are loaded from the source when first
/// needed. Changes leave a tree unsealed, which means without CIDs; an unsealed tree belongs to one thread, a sealed one to any number.
/// Single look-ups and changes remember the nodes they loaded for as long as the tree lives; walks and comparisons do not, so their
/// memory does not grow with the tree.
/// <para>Every member may throw what <see cref="IMstNodeSource.Load"/> throws, and <see cref="FormatException"/> for a malformed tree.</para>
/// <para>Source: <see href="https://atproto.com/specs/repository#mst-structure"/></para>
/// </remarks>
public sealed partial class MstTree
{
    private readonly IMstNodeSource _source;
    private readonly Tid? _sealedAs;
    private MstChild _root;
    private int _layer;

    private MstTree(MstChild root, int layer, IMstNodeSource source, Tid? sealedAs = null)
    {
        _root = root;
        _layer = layer;
        _source = source;
        _sealedAs = sealedAs;
    }

    /// <summary>The tree without records, unsealed.</summary>
    public static MstTree Empty => new(MstChild.Of(new([], null)), 0, NoNodes.Instance);

    /// <summary>The CID of the tree without records.</summary>
    public static Cid EmptyRoot { get; } = Cid.ForDagCbor([0xa2, 0x61, (byte)'e', 0x80, 0x61, (byte)'l', 0xf6]);

    /// <summary>The CID of the root node.</summary>
    /// <exception cref="InvalidOperationException">The tree is not sealed, and not empty.</exception>
    public Cid Root => _root switch
    {
        { Node: { IsSealed: false, IsEmpty: true } } => EmptyRoot,
        { Node: { } node } => node.Cid,
        _ => _root.Cid,
    };

    /// <summary>How many bytes of DAG-CBOR the nodes in memory stand for, of a sealed tree; in memory they take more.</summary>
    public long LoadedBytes => _root.Node?.CountLoadedBytes() ?? 0;

    private int Layer
    {
        get
        {
            if (_layer < 0)
            {
                MstNode root = LoadRoot();
                if (root.Count == 0 && !root.IsEmpty)
                {
                    throw new FormatException("The root of the tree is a bare pointer.");
                }

                _layer = root.Count == 0 ? 0 : KeyHeight.Of(root.Leaves[0].Key);
            }

            return _layer;
        }
    }

    /// <summary>The tree under a root node, of which nothing is loaded yet.</summary>
    /// <param name="root">The CID of the root node.</param>
    /// <param name="source">Where the nodes are; asked for as long as the tree lives.</param>
    public static MstTree Load(Cid root, IMstNodeSource source) => new(MstChild.Stub(root), -1, source);

    /// <summary>The same tree with another place to load nodes from. Nodes that are loaded already are shared.</summary>
    /// <param name="source">Must have every node of this tree that is not in memory.</param>
    public MstTree WithSource(IMstNodeSource source) => new(_root, _layer, source, _sealedAs);

    /// <summary>Finds the record at a path; false for anything that is no path.</summary>
    public bool TryGet(string path, out Cid value)
    {
        value = default;
        if (path.Length > MstKey.MaxLength)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[path.Length];
        return MstKey.TryEncode(path, key) && TryGet(key, out value);
    }

    /// <summary>Computes bytes, CIDs and revision of the nodes that have none.</summary>
    /// <param name="rev">The revision of the commit that makes these nodes.</param>
    /// <returns>The sealed tree. Its new nodes are not stored.</returns>
    public MstTree Seal(Tid rev)
    {
        if (_root.Node is { IsSealed: false } root)
        {
            root.Seal(rev);
            return new(MstChild.Of(root), _layer, _source, rev);
        }

        return new(_root, _layer, _source, rev);
    }

    private bool TryGet(ReadOnlySpan<byte> key, out Cid value)
    {
        MstNode node = LoadRoot();
        for (int depth = 0; ; depth++)
        {
            int slot = node.Find(key, out bool found);
            if (found)
            {
                value = node.Leaves[slot].Value;
                return true;
            }

            if (!node.HasChild(slot))
            {
                value = default;
                return false;
            }

            node = LoadChild(node, slot, KeyHeight.Max - depth);
        }
    }

    private MstNode LoadRoot() => _root.Node ??= _source.Load(_root.Cid);

    /// <summary>The node of a subtree of a node in the given layer.</summary>
    private MstNode LoadChild(MstNode node, int slot, int layer) =>
        layer > 0 ? node.LoadChild(slot, _source) : throw new FormatException("The tree has nodes below its lowest layer.");

    /// <summary>A new version of this tree.</summary>
    private MstTree With(MstNode root, int layer) => new(MstChild.Of(root), layer, _source);

    /// <summary>The source of trees that are in memory as a whole.</summary>
    private sealed class NoNodes : IMstNodeSource
    {
        public static readonly NoNodes Instance = new();

        public MstNode Load(Cid cid) => throw new MissingBlockException(cid);
    }
}
