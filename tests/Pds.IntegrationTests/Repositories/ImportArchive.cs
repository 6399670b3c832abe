using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;

namespace Pds.IntegrationTests.Repositories;

/// <summary>A repository made elsewhere, sound or not, as the CAR that <c>importRepo</c> is given.</summary>
internal sealed class ImportArchive
{
    public const string Collection = "com.example.thing";

    private readonly Did _did;
    private readonly ISigner _signer;
    private readonly List<Block> _records = [];
    private readonly List<MstEntry> _entries = [];

    public ImportArchive(Did did, ISigner signer)
    {
        _did = did;
        _signer = signer;
    }

    public Tid Rev { get; init; } = Tid.Create(1_700_000_000_000_000, 1);

    /// <summary>Keys of the lowest layer, so that a tree of them is one node.</summary>
    public static IEnumerable<string> LowKeys => Enumerable.Range(0, int.MaxValue)
        .Select(number => string.Create(CultureInfo.InvariantCulture, $"{Collection}/k{number:d9}"))
        .Where(key => SHA256.HashData(Encoding.UTF8.GetBytes(key))[0] >= 0x40);

    public IReadOnlyList<MstEntry> Entries => _entries;

    public static byte[] Record(int number) =>
        DataMap.FromJson(Encoding.UTF8.GetBytes($$"""{"$type":"{{Collection}}","n":{{number}}}""")).Cbor.ToArray();

    /// <summary>Adds a record; keys may come in any order.</summary>
    public ImportArchive Add(string path, byte[] cbor)
    {
        Cid cid = Cid.ForDagCbor(cbor);
        _records.Add(new Block(cid, cbor));
        _entries.Add(new MstEntry(path, cid));
        return this;
    }

    /// <summary>Adds that many records with keys of all heights.</summary>
    public ImportArchive AddMany(int count, int seed = 0)
    {
        for (int i = 0; i < count; i++)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{Collection}/r{i:d9}"), Record(seed + i));
        }

        return this;
    }

    public MstTree BuildTree() => MstTree.Build(_entries.OrderBy(entry => entry.Path, StringComparer.Ordinal), Rev);

    public byte[] ToCar() => Pack(Sign(BuildTree().Root), [.. Nodes(), .. _records]);

    public IEnumerable<Block> Nodes() => BuildTree().WalkPreOrder().Where(step => step.Node is not null).Select(step => new Block(step.Node!.Cid, step.Node.Bytes));

    public IReadOnlyList<Block> Records => _records;

    public Block Sign(Cid data)
    {
        var commit = Commit.Sign(_did, data, Rev, _signer);
        return new Block(commit.Cid, commit.Bytes);
    }

    /// <summary>A sound commit over a node that is written as told, entry by entry.</summary>
    public byte[] ToCarWithNode(params (string Key, int Prefix)[] entries)
    {
        Block node = BlockOf(RawNode(entries));
        return Pack(Sign(node.Cid), [node, .. _records]);
    }

    public static byte[] Pack(Block root, IEnumerable<Block> blocks) => CarWriter.ToArray([root.Cid], [root, .. blocks]);

    public static Block BlockOf(byte[] bytes) => new(Cid.ForDagCbor(bytes), bytes);

    /// <summary>The commit as older software wrote it.</summary>
    public Block SignVersion2(Cid data)
    {
        var writer = new DagCborWriter();
        writer.WriteMapHeader(6);
        writer.WriteText("did"u8);
        writer.WriteText(_did.ToString());
        writer.WriteText("rev"u8);
        writer.WriteText(Rev.ToString());
        writer.WriteText("sig"u8);
        writer.WriteBytes(new byte[64]);
        writer.WriteText("data"u8);
        writer.WriteCid(data);
        writer.WriteText("prev"u8);
        writer.WriteNull();
        writer.WriteText("version"u8);
        writer.WriteInteger(2);
        return BlockOf(writer.ToArray());
    }

    private byte[] RawNode((string Key, int Prefix)[] entries)
    {
        var writer = new DagCborWriter();
        writer.WriteMapHeader(2);
        writer.WriteText("e"u8);
        writer.WriteArrayHeader(entries.Length);
        foreach ((string key, int prefix) in entries)
        {
            writer.WriteMapHeader(4);
            writer.WriteText("k"u8);
            writer.WriteBytes(Encoding.UTF8.GetBytes(key[prefix..]));
            writer.WriteText("p"u8);
            writer.WriteInteger(prefix);
            writer.WriteText("t"u8);
            writer.WriteNull();
            writer.WriteText("v"u8);
            writer.WriteCid(_entries.First(entry => entry.Path == key).Value);
        }

        writer.WriteText("l"u8);
        writer.WriteNull();
        return writer.ToArray();
    }
}
