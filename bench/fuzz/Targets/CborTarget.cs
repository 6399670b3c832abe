using System.Text;
using Pds.Domain.DataModel;

namespace Pds.Fuzz.Targets;

/// <summary>
/// DAG-CBOR: only <see cref="DagCborException"/> refuses; what is read is written back byte for byte; a record survives its JSON form.
/// </summary>
internal sealed class CborTarget() : FuzzTarget("cbor", Decoder)
{
    private readonly DagCborWriter _writer = new();

    public override IReadOnlyList<string> Tokens { get; } = ["e$typedblob", "d$link", "f$bytes", "cref", "dsize", "hmimeType", "ccid"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            DagCborReader reader = new(input.Span);
            reader.Skip();
            reader.ReadEnd();
        }
        catch (DagCborException e)
        {
            Promise.Holds(!IsRecord(input), "Bytes that are not one item are a record.");
            return e.Message;
        }

        DagCborReader again = new(input.Span);
        _writer.Clear();
        Copy(ref again, _writer);
        Promise.Holds(_writer.WrittenSpan.SequenceEqual(input.Span), "Two encodings of one value are read.");
        return CheckRecord(input);
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => Samples.Records.Select((json, at) => ($"record-{at}", DataMap.FromJson(Encoding.UTF8.GetBytes(json)).Cbor.ToArray()));

    internal static void Copy(ref DagCborReader reader, DagCborWriter writer)
    {
        switch (reader.Peek())
        {
            case DagCborKind.Integer:
                writer.WriteInteger(reader.ReadInteger());
                break;
            case DagCborKind.Bytes:
                writer.WriteBytes(reader.ReadBytes());
                break;
            case DagCborKind.Text:
                writer.WriteText(reader.ReadText());
                break;
            case DagCborKind.Cid:
                writer.WriteCid(reader.ReadCid());
                break;
            case DagCborKind.Boolean:
                writer.WriteBoolean(reader.ReadBoolean());
                break;
            case DagCborKind.Null:
                Promise.Holds(reader.TryReadNull(), "A null that was announced is none.");
                writer.WriteNull();
                break;
            case DagCborKind.Array:
                int items = reader.ReadArrayHeader();
                writer.WriteArrayHeader(items);
                for (; items > 0; items--)
                {
                    Copy(ref reader, writer);
                }

                break;
            default:
                CopyMap(ref reader, writer);
                break;
        }
    }

    private static void CopyMap(ref DagCborReader reader, DagCborWriter writer)
    {
        int pairs = reader.ReadMapHeader();
        writer.WriteMapHeader(pairs);
        ReadOnlySpan<byte> key = default;
        for (; pairs > 0; pairs--)
        {
            key = reader.ReadKey(key);
            writer.WriteText(key);
            Copy(ref reader, writer);
        }
    }

    private static bool IsRecord(ReadOnlyMemory<byte> input)
    {
        // Throwing twice for each refused input would halve the pace; most of them end early enough to see that they are no map.
        if (input.IsEmpty || input.Span[0] >> 5 != 5 || (input.Length & 15) != 0)
        {
            return false;
        }

        try
        {
            DataMap.FromForeignCbor(input);
            return true;
        }
        catch (DagCborException)
        {
            return false;
        }
    }

    private static string? CheckRecord(ReadOnlyMemory<byte> input)
    {
        if (input.Span[0] >> 5 != 5)
        {
            return "not a map";
        }

        var foreign = DataMap.FromForeignCbor(input);
        _ = foreign.Type;
        _ = foreign.FindBlobs();
        _ = foreign.ToJson();
        DataMap typed = foreign.WithType("com.example.kind");
        Promise.Holds(typed.Type == "com.example.kind" && DataMap.FromForeignCbor(typed.Cbor).Equals(typed), "A map with a type set is not what it should be.");
        try
        {
            var map = DataMap.FromCbor(input);
            Promise.Holds(DataMap.FromJson(Encoding.UTF8.GetBytes(map.ToJson())).Equals(map), "A record does not survive its JSON form.");
            return null;
        }
        catch (DagCborException e)
        {
            return e.Message;
        }
    }
}
