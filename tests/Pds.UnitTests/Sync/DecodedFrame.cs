using Pds.Domain.DataModel;

namespace Pds.UnitTests.Sync;

/// <summary>A frame read back, strictly: two maps and nothing after them.</summary>
internal sealed record DecodedFrame(Dictionary<string, object?> Header, Dictionary<string, object?> Body)
{
    public static DecodedFrame Of(ReadOnlySpan<byte> frame)
    {
        var reader = new DagCborReader(frame);
        var header = (Dictionary<string, object?>)Read(ref reader)!;
        var body = (Dictionary<string, object?>)Read(ref reader)!;
        reader.ReadEnd();
        return new DecodedFrame(header, body);
    }

    private static object? Read(ref DagCborReader reader)
    {
        switch (reader.Peek())
        {
            case DagCborKind.Integer:
                return reader.ReadInteger();
            case DagCborKind.Bytes:
                return reader.ReadBytes().ToArray();
            case DagCborKind.Text:
                return reader.ReadText();
            case DagCborKind.Cid:
                return reader.ReadCid();
            case DagCborKind.Boolean:
                return reader.ReadBoolean();
            case DagCborKind.Array:
                var items = new List<object?>();
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    items.Add(Read(ref reader));
                }

                return items;
            case DagCborKind.Map:
                return ReadMap(ref reader);
            default:
                Assert.That(reader.TryReadNull(), Is.True);
                return null;
        }
    }

    private static Dictionary<string, object?> ReadMap(ref DagCborReader reader)
    {
        var map = new Dictionary<string, object?>();
        byte[] previous = [];
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            previous = reader.ReadKey(previous).ToArray();
            map.Add(System.Text.Encoding.UTF8.GetString(previous), Read(ref reader));
        }

        return map;
    }
}
