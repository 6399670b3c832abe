using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pds.Domain.DataModel;

/// <summary>A record or another map of the data model, held as its canonical DAG-CBOR bytes. Immutable; equality is that of the bytes.</summary>
public sealed partial class DataMap : IEquatable<DataMap>
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ReadOnlyMemory<byte> _cbor;
    private Cid _cid;
    private bool _hasCid;

    private DataMap(ReadOnlyMemory<byte> cbor) => _cbor = cbor;

    /// <summary>The canonical DAG-CBOR.</summary>
    public ReadOnlyMemory<byte> Cbor => _cbor;

    /// <summary>The CID of the bytes; hashed on first use.</summary>
    public Cid Cid
    {
        get
        {
            // Racing callers write the same words, and the flag follows them.
            if (!Volatile.Read(ref _hasCid))
            {
                _cid = Cid.ForDagCbor(_cbor.Span);
                Volatile.Write(ref _hasCid, true);
            }

            return _cid;
        }
    }

    /// <summary>The value of <c>$type</c>, or <see langword="null"/> where it is absent or no text.</summary>
    public string? Type => TryFind("$type"u8, out DagCborReader reader, out DagCborKind kind) && kind == DagCborKind.Text ? reader.ReadText() : null;

    /// <summary>Takes over bytes after checking that they are a canonical map whose links, bytes, types and blobs are well-formed, as new records must be.</summary>
    /// <param name="cbor">Kept, not copied: nobody may change it afterwards.</param>
    /// <exception cref="DagCborException">They are not.</exception>
    public static DataMap FromCbor(ReadOnlyMemory<byte> cbor)
    {
        DataShape.Check(cbor.Span);
        return new(cbor);
    }

    /// <summary>Takes over bytes after checking that they are a canonical map, as records of other servers must be.</summary>
    /// <remarks>Passes what only a careful server refuses to create: odd values of <c>$type</c>, odd blobs.</remarks>
    /// <param name="cbor">Kept, not copied: nobody may change it afterwards.</param>
    /// <exception cref="DagCborException">They are not.</exception>
    public static DataMap FromForeignCbor(ReadOnlyMemory<byte> cbor)
    {
        DagCborReader reader = new(cbor.Span);
        if (reader.Peek() != DagCborKind.Map)
        {
            throw new DagCborException("A record must be a map.");
        }

        reader.Skip();
        reader.ReadEnd();
        return new(cbor);
    }

    /// <summary>Takes over bytes that this server wrote itself, without checking them.</summary>
    /// <param name="cbor">Kept, not copied: nobody may change it afterwards.</param>
    public static DataMap FromTrustedCbor(ReadOnlyMemory<byte> cbor) => new(cbor);

    /// <summary>Reads one JSON object.</summary>
    /// <exception cref="DataModelException">The text is not JSON, not an object, or not of the data model.</exception>
    public static DataMap FromJson(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            Utf8JsonReader reader = new(utf8Json);
            DataMap map = DataJson.Read(ref reader);
            reader.Read();
            return map;
        }
        catch (JsonException)
        {
            throw new DataModelException("The text is not valid JSON.");
        }
    }

    /// <summary>A text of the map itself, or <see langword="null"/> where the key is absent or holds something else.</summary>
    public string? GetText(string key) => TryFind(key, out DagCborReader reader, out DagCborKind kind) && kind == DagCborKind.Text ? reader.ReadText() : null;

    /// <summary>An integer of the map itself, or <see langword="null"/> where the key is absent or holds something else.</summary>
    public long? GetInteger(string key) => TryFind(key, out DagCborReader reader, out DagCborKind kind) && kind == DagCborKind.Integer ? reader.ReadInteger() : null;

    /// <summary>A map in the map, or <see langword="null"/> where the key is absent or holds something else.</summary>
    public DataMap? GetMap(string key)
    {
        if (!TryFind(key, out DagCborReader reader, out DagCborKind kind) || kind != DagCborKind.Map)
        {
            return null;
        }

        int start = reader.Position;
        reader.Skip();
        return new(_cbor[start..reader.Position]);
    }

    /// <summary>Whether the map itself has the key, be its value null or not.</summary>
    public bool ContainsKey(string key) => TryFind(key, out _, out _);

    /// <summary>This map with <c>$type</c> set, or this very map where it is set so already.</summary>
    public DataMap WithType(string type)
    {
        if (Type == type)
        {
            return this;
        }

        ReadOnlySpan<byte> cbor = _cbor.Span;
        DagCborReader reader = new(cbor);
        int pairs = reader.ReadMapHeader();
        int bodyStart = reader.Position;
        int before = bodyStart;
        int after = -1;
        ReadOnlySpan<byte> key = default;
        for (int left = pairs; left > 0; left--)
        {
            int start = reader.Position;
            key = reader.ReadKey(key);
            int order = DagCborKey.Compare(key, "$type"u8);
            reader.Skip();
            if (order >= 0)
            {
                before = start;
                after = order == 0 ? reader.Position : start;
                break;
            }

            before = reader.Position;
        }

        bool replaces = after > before;
        after = after < 0 ? before : after;
        DagCborWriter writer = new(cbor.Length + type.Length + 16);
        writer.WriteMapHeader(replaces ? pairs : pairs + 1);
        writer.WriteEncoded(cbor[bodyStart..before]);
        writer.WriteText("$type"u8);
        writer.WriteText(type);
        writer.WriteEncoded(cbor[after..]);
        return new(writer.WrittenMemory);
    }

    /// <summary>The JSON text.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new(_cbor.Length * 2);
        using (Utf8JsonWriter writer = new(stream, JsonOptions))
        {
            DataJson.Write(writer, _cbor.Span);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <inheritdoc/>
    public bool Equals(DataMap? other) => other is not null && (ReferenceEquals(this, other) || _cbor.Span.SequenceEqual(other._cbor.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DataMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_cbor.Span);
        return hash.ToHashCode();
    }

    /// <summary>The JSON text.</summary>
    public override string ToString() => ToJson();

    private bool TryFind(string key, out DagCborReader reader, out DagCborKind kind)
    {
        Span<byte> utf8 = key.Length <= 64 ? stackalloc byte[key.Length * 3] : new byte[key.Length * 3];
        return TryFind(utf8[..Encoding.UTF8.GetBytes(key, utf8)], out reader, out kind);
    }

    private bool TryFind(scoped ReadOnlySpan<byte> key, out DagCborReader reader, out DagCborKind kind)
    {
        DagCborReader at = new(_cbor.Span);
        ReadOnlySpan<byte> seen = default;
        for (int left = at.ReadMapHeader(); left > 0; left--)
        {
            seen = at.ReadKey(seen);
            int order = DagCborKey.Compare(seen, key);
            if (order == 0)
            {
                reader = at;
                kind = at.Peek();
                return true;
            }

            if (order > 0)
            {
                break;
            }

            at.Skip();
        }

        reader = default;
        kind = default;
        return false;
    }
}
