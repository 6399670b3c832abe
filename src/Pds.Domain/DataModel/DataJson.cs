using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Pds.Domain.DataModel;

/// <summary>Turns JSON into DAG-CBOR and back, each in one pass and without objects between.</summary>
/// <remarks>
/// Links are <c>{"$link": "…"}</c>, bytes are <c>{"$bytes": "…"}</c> in base64, whose padding is optional when read and absent when written.
/// </remarks>
public static class DataJson
{
    private const int MaxStackBytes = 512;

    private static readonly JsonEncodedText Link = JsonEncodedText.Encode("$link");
    private static readonly JsonEncodedText Bytes = JsonEncodedText.Encode("$bytes");

    /// <summary>Reads one object. The reader stands on its start or just before it, and is left on its end.</summary>
    /// <exception cref="DataModelException">The object is not of the data model; the message is fit for clients.</exception>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static DataMap Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.None or JsonTokenType.PropertyName)
        {
            reader.Read();
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new DataModelException("A JSON object was expected.");
        }

        DataJsonTranscoder transcoder = new();
        try
        {
            return DataMap.FromTrustedCbor(transcoder.ReadMap(ref reader));
        }
        finally
        {
            transcoder.Dispose();
        }
    }

    /// <summary>Writes one DAG-CBOR item as a JSON value.</summary>
    /// <exception cref="DagCborException">The bytes are not one canonical item.</exception>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> cbor)
    {
        DagCborReader reader = new(cbor);
        WriteItem(writer, ref reader, DagCborLimits.MaxDepth);
        reader.ReadEnd();
    }

    private static void WriteItem(Utf8JsonWriter writer, ref DagCborReader reader, int depth)
    {
        switch (reader.Peek())
        {
            case DagCborKind.Text:
                writer.WriteStringValue(reader.ReadTextUtf8());
                break;
            case DagCborKind.Integer:
                writer.WriteNumberValue(reader.ReadInteger());
                break;
            case DagCborKind.Boolean:
                writer.WriteBooleanValue(reader.ReadBoolean());
                break;
            case DagCborKind.Null:
                reader.TryReadNull();
                writer.WriteNullValue();
                break;
            case DagCborKind.Cid:
                WriteLink(writer, reader.ReadCid());
                break;
            case DagCborKind.Bytes:
                WriteBytes(writer, reader.ReadBytes());
                break;
            case DagCborKind.Array:
                WriteArray(writer, ref reader, depth);
                break;
            default:
                WriteMap(writer, ref reader, depth);
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, ref DagCborReader reader, int depth)
    {
        RequireDepth(depth);
        writer.WriteStartArray();
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            WriteItem(writer, ref reader, depth - 1);
        }

        writer.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter writer, ref DagCborReader reader, int depth)
    {
        RequireDepth(depth);
        writer.WriteStartObject();
        ReadOnlySpan<byte> key = default;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            key = reader.ReadKey(key);
            writer.WritePropertyName(key);
            WriteItem(writer, ref reader, depth - 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteLink(Utf8JsonWriter writer, Cid cid)
    {
        Span<byte> text = stackalloc byte[Cid.TextLength];
        cid.FormatUtf8(text);
        writer.WriteStartObject();
        writer.WriteString(Link, text);
        writer.WriteEndObject();
    }

    private static void WriteBytes(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        int length = Base64.GetMaxEncodedToUtf8Length(bytes.Length);
        byte[]? rented = length > MaxStackBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> text = rented ?? stackalloc byte[MaxStackBytes];
        Base64.EncodeToUtf8(bytes, text, out _, out int written);
        writer.WriteStartObject();
        writer.WriteString(Bytes, text[..written].TrimEnd((byte)'='));
        writer.WriteEndObject();
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void RequireDepth(int depth)
    {
        if (depth == 0)
        {
            throw new DagCborException("Containers are nested more than 32 levels deep.");
        }
    }
}
