using System.Buffers;
using System.Text;
using System.Text.Json;
using Pds.Domain.DataModel;

namespace Pds.Fuzz.Targets;

/// <summary>
/// JSON of records: only <see cref="DataModelException"/> refuses; what is read is a record that survives being written and read again; text that
/// arrives in pieces is read like text that arrives whole.
/// </summary>
internal sealed class JsonTarget() : FuzzTarget("json", Decoder)
{
    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"$type\":", "\"$link\":", "\"$bytes\":", "\"blob\"", "\\u0000", "\\ud83d", "\\ude00", "\\n", "{}", "[]", "null", "true", "1e3", "-0", "9007199254740991", "9007199254740992", "1.0", "{\"a\":", "[[", "]]", "}}", ",", "\"\":1,",
    ];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        DataMap? whole = null;
        string? reason = null;
        try
        {
            whole = DataMap.FromJson(input.Span);
        }
        catch (DataModelException e)
        {
            reason = e.Message;
        }

        if (whole is not null || (input.Length & 7) == 0)
        {
            DataMap? pieces = ReadInPieces(input);
            Promise.Holds(whole is null ? pieces is null : whole.Equals(pieces), "Text in pieces is read differently.");
        }

        if (whole is not null)
        {
            DataMap.FromCbor(whole.Cbor);
            Promise.Holds(DataMap.FromJson(Encoding.UTF8.GetBytes(whole.ToJson())).Equals(whole), "A record does not survive being written.");
        }

        return reason;
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => Samples.Records.Select((json, at) => ($"record-{at}.json", Encoding.UTF8.GetBytes(json)));

    private static DataMap? ReadInPieces(ReadOnlyMemory<byte> input)
    {
        try
        {
            Utf8JsonReader reader = new(Segment.Split(input, input.Length / 3, input.Length / 2));
            DataMap map = DataJson.Read(ref reader);
            return reader.Read() ? null : map;
        }
        catch (Exception e) when (e is DataModelException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>Memory in pieces.</summary>
internal sealed class Segment : ReadOnlySequenceSegment<byte>
{
    private Segment(ReadOnlyMemory<byte> memory, long start)
    {
        Memory = memory;
        RunningIndex = start;
    }

    /// <summary>Three pieces, of which any may be empty.</summary>
    public static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, int first, int second)
    {
        Segment a = new(bytes[..first], 0);
        Segment b = new(bytes[first..second], first);
        Segment c = new(bytes[second..], second);
        a.Next = b;
        b.Next = c;
        return new(a, 0, c, c.Memory.Length);
    }
}
