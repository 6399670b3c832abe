using System.Formats.Cbor;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

/// <summary>Arbitrary values of the data model as plain objects, and their encodings by other people's code.</summary>
internal static class DataValues
{
    private const CborTag LinkTag = (CborTag)42;

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements("", "a", "text", "$x", "naïve", "日本語", "👨‍👩‍👧‍👧", "\0", "\uFEFFbom", "\"\\/\b\f\n\r\t", "\u2028", new string('x', 23), new string('y', 24), new string('z', 300)),
        Gen.Choose(0, 40).SelectMany(length => Gen.Elements("abcdefé√😀 \n".EnumerateRunes().ToArray()).ListOf(length)).Select(runes => string.Concat(runes)));

    private static readonly Gen<string> Keys = Gen.OneOf(
        Gen.Elements("a", "b", "aa", "ab", "type", "text", "createdAt", "é", "zz", "$other", new string('k', 24), new string('k', 256)),
        Gen.Choose(1, 12).SelectMany(length => Gen.Elements("abcxyzé😀".EnumerateRunes().ToArray()).ListOf(length)).Select(runes => string.Concat(runes)));

    private static readonly Gen<long> Integers = Gen.OneOf(
        Gen.Elements(0L, 1, 23, 24, 255, 256, 65535, 65536, uint.MaxValue, (long)uint.MaxValue + 1, (1L << 53) - 1, -1, -24, -25, -256, -257, -65536, -65537, -(1L << 53) + 1),
        Gen.Choose(int.MinValue, int.MaxValue).Select(i => (long)i));

    private static readonly Gen<byte[]> ByteStrings =
        Gen.Choose(0, 70).SelectMany(length => Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(length));

    private static readonly Gen<Cid> Cids = ByteStrings.SelectMany(bytes => Gen.Elements(Cid.ForDagCbor(bytes), Cid.ForRaw(bytes)));

    public static Gen<Dictionary<string, object?>> MapGen { get; } = Gen.Sized(size => Maps(Math.Min(size, 24)));

    public static Arbitrary<Dictionary<string, object?>> AnyMap { get; } = MapGen.ToArbitrary();

    /// <summary>Encodes with the platform's CBOR writer, whose canonical mode orders keys as DAG-CBOR does.</summary>
    public static byte[] Encode(object? value)
    {
        CborWriter writer = new(CborConformanceMode.Canonical);
        Write(writer, value);
        return writer.Encode();
    }

    /// <summary>Encodes with this project's writer, which wants keys in order.</summary>
    public static void Write(DagCborWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull();
                break;
            case bool flag:
                writer.WriteBoolean(flag);
                break;
            case long integer:
                writer.WriteInteger(integer);
                break;
            case string text:
                writer.WriteText(text);
                break;
            case byte[] bytes:
                writer.WriteBytes(bytes);
                break;
            case Cid cid:
                writer.WriteCid(cid);
                break;
            case List<object?> list:
                writer.WriteArrayHeader(list.Count);
                list.ForEach(item => Write(writer, item));
                break;
            case Dictionary<string, object?> map:
                writer.WriteMapHeader(map.Count);
                foreach ((string key, object? item) in map.OrderBy(pair => Encoding.UTF8.GetByteCount(pair.Key)).ThenBy(pair => pair.Key, Comparer<string>.Create(CompareBytes)))
                {
                    writer.WriteText(key);
                    Write(writer, item);
                }

                break;
            default:
                throw new ArgumentException("Not a value of the data model.", nameof(value));
        }
    }

    /// <summary>Decodes with this project's reader.</summary>
    public static object? Read(ref DagCborReader reader)
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
            case DagCborKind.Null:
                reader.TryReadNull();
                return null;
            case DagCborKind.Array:
                List<object?> list = [];
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    list.Add(Read(ref reader));
                }

                return list;
            default:
                Dictionary<string, object?> map = [];
                ReadOnlySpan<byte> key = default;
                for (int left = reader.ReadMapHeader(); left > 0; left--)
                {
                    key = reader.ReadKey(key);
                    map.Add(Encoding.UTF8.GetString(key), Read(ref reader));
                }

                return map;
        }
    }

    /// <summary>The JSON form, with the keys in the order of the dictionary.</summary>
    public static byte[] ToJson(object? value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            WriteJson(writer, value);
        }

        return stream.ToArray();
    }

    private static void WriteJson(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long integer:
                writer.WriteNumberValue(integer);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case byte[] bytes:
                writer.WriteStartObject();
                writer.WriteString("$bytes", Convert.ToBase64String(bytes));
                writer.WriteEndObject();
                break;
            case Cid cid:
                writer.WriteStartObject();
                writer.WriteString("$link", cid.ToString());
                writer.WriteEndObject();
                break;
            case List<object?> list:
                writer.WriteStartArray();
                list.ForEach(item => WriteJson(writer, item));
                writer.WriteEndArray();
                break;
            case Dictionary<string, object?> map:
                writer.WriteStartObject();
                foreach ((string key, object? item) in map)
                {
                    writer.WritePropertyName(key);
                    WriteJson(writer, item);
                }

                writer.WriteEndObject();
                break;
            default:
                throw new ArgumentException("Not a value of the data model.", nameof(value));
        }
    }

    private static void Write(CborWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull();
                break;
            case bool flag:
                writer.WriteBoolean(flag);
                break;
            case long integer:
                writer.WriteInt64(integer);
                break;
            case string text:
                writer.WriteTextString(text);
                break;
            case byte[] bytes:
                writer.WriteByteString(bytes);
                break;
            case Cid cid:
                writer.WriteTag(LinkTag);
                writer.WriteByteString([0, .. cid.ToArray()]);
                break;
            case List<object?> list:
                writer.WriteStartArray(list.Count);
                list.ForEach(item => Write(writer, item));
                writer.WriteEndArray();
                break;
            case Dictionary<string, object?> map:
                writer.WriteStartMap(map.Count);
                foreach ((string key, object? item) in map)
                {
                    writer.WriteTextString(key);
                    Write(writer, item);
                }

                writer.WriteEndMap();
                break;
            default:
                throw new ArgumentException("Not a value of the data model.", nameof(value));
        }
    }

    private static int CompareBytes(string? a, string? b) => Encoding.UTF8.GetBytes(a!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b!));

    private static Gen<Dictionary<string, object?>> Maps(int size) =>
        from count in Gen.Choose(0, Math.Max(1, size))
        from keys in Keys.ListOf(count)
        from values in Values(size / 3).ListOf(count)
        select keys.Zip(values).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second);

    private static Gen<object?> Values(int size)
    {
        Gen<object?> scalars = Gen.OneOf(
            Gen.Constant<object?>(null),
            Gen.Elements(true, false).Select(flag => (object?)flag),
            Integers.Select(integer => (object?)integer),
            Texts.Select(text => (object?)text),
            ByteStrings.Select(bytes => (object?)bytes),
            Cids.Select(cid => (object?)cid));
        if (size == 0)
        {
            return scalars;
        }

        Gen<object?> lists = Gen.Choose(0, size).SelectMany(count => Values(size / 3).ListOf(count)).Select(items => (object?)new List<object?>(items));
        return Gen.OneOf(scalars, scalars, lists, Maps(size / 3).Select(map => (object?)map));
    }
}
