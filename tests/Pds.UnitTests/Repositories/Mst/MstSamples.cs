using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

/// <summary>Trees, paths and node sources for the tests of this folder.</summary>
internal static class MstSamples
{
    public static readonly Tid Rev1 = Tid.Create(1_700_000_000_000_000, 1);
    public static readonly Tid Rev2 = Tid.Create(1_700_000_000_000_001, 1);
    public static readonly Tid Rev3 = Tid.Create(1_700_000_000_000_002, 1);

    /// <summary>The record of every leaf in the published examples.</summary>
    public static readonly Cid Leaf = Cid.Parse("bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454");

    /// <summary>Some record, another one for every number.</summary>
    public static Cid Record(int number) => Cid.ForDagCbor(BitConverter.GetBytes(number));

    public static MstTree TreeOf(IEnumerable<string> paths) =>
        paths.Aggregate(MstTree.Empty, (tree, path) => tree.Insert(path, Leaf)).Seal(Rev1);

    public static MstTree Build(IEnumerable<KeyValuePair<string, Cid>> records, Tid rev) =>
        MstTree.Build(records.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => new MstEntry(r.Key, r.Value)), rev);

    /// <summary>Distinct paths, some dense and some far apart, with all heights mixed as chance has it.</summary>
    public static List<string> Paths(Random random, int count)
    {
        HashSet<string> paths = [];
        while (paths.Count < count)
        {
            string collection = random.Next(3) switch { 0 => "app.bsky.feed.post", 1 => "app.bsky.feed.like", _ => "com.example.record" };
            paths.Add($"{collection}/{random.Next(16 * count):x}");
        }

        return [.. paths];
    }

    /// <summary>All nodes of a tree, by their CIDs.</summary>
    public static Dictionary<Cid, MstNode> Nodes(MstTree tree) =>
        tree.WalkPreOrder().Where(step => step.Node is not null).ToDictionary(step => step.Node!.Cid, step => step.Node!);

    public static Dictionary<string, Cid> Records(MstTree tree) => tree.Walk().ToDictionary(e => e.Path, e => e.Value);
}

/// <summary>A source that has the given nodes, decodes them anew each time, and counts.</summary>
internal sealed class NodeSource : IMstNodeSource
{
    private readonly Dictionary<Cid, (byte[] Bytes, Tid Rev)> _nodes = [];

    public NodeSource(params IEnumerable<MstNode> nodes)
    {
        foreach (MstNode node in nodes)
        {
            Add(node);
        }
    }

    public int Loads { get; private set; }

    public void Add(MstNode node) => _nodes[node.Cid] = (node.Bytes.ToArray(), node.Rev);

    public Cid Add(byte[] bytes)
    {
        Cid cid = Cid.ForDagCbor(bytes);
        _nodes[cid] = (bytes, default);
        return cid;
    }

    public MstNode Load(Cid cid)
    {
        Loads++;
        return _nodes.TryGetValue(cid, out (byte[] Bytes, Tid Rev) node)
            ? MstNode.Decode(cid, node.Bytes, node.Rev)
            : throw new MissingBlockException(cid);
    }
}
