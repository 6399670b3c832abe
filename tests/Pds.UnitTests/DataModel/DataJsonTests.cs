using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

internal sealed class DataJsonTests
{
    private const string RawCid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    [Test]
    public void AnyMap_FromJson_IsItsCanonicalEncoding() => Prop.ForAll(DataValues.AnyMap, map =>
        DataMap.FromJson(DataValues.ToJson(map)).Cbor.Span.SequenceEqual(DataValues.Encode(map))).QuickCheckThrowOnFailure();

    [Test]
    public void AnyMap_ToJsonAndBack_IsTheSame() => Prop.ForAll(DataValues.AnyMap, map =>
    {
        var data = DataMap.FromCbor(DataValues.Encode(map));
        return DataMap.FromJson(Encoding.UTF8.GetBytes(data.ToJson())).Equals(data);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Read_WhenTheInputComesInPieces_IsTheSame() => Prop.ForAll(DataValues.AnyMap, map =>
    {
        byte[] json = DataValues.ToJson(map);
        Utf8JsonReader reader = new(Pieces.Of(json, 3));
        return DataJson.Read(ref reader).Equals(DataMap.FromJson(json));
    }).QuickCheckThrowOnFailure();

    [TestCase("123.0", 123)]
    [TestCase("1e3", 1000)]
    [TestCase("1E+3", 1000)]
    [TestCase("-1.5e1", -15)]
    [TestCase("-0", 0)]
    [TestCase("-0.0", 0)]
    [TestCase("0e999999999999", 0)]
    [TestCase("100e-2", 1)]
    [TestCase("1.00000000000000000000000000000000", 1)]
    [TestCase("0.001e3", 1)]
    [TestCase("9007199254740991", 9007199254740991)]
    [TestCase("-9007199254740991.0", -9007199254740991)]
    public void Read_WhenANumberIsAnInteger_KeepsIt(string number, long expected) =>
        Assert.That(Read($"{{\"a\":{number}}}").GetInteger("a"), Is.EqualTo(expected));

    [TestCase("123.456")]
    [TestCase("1e400")]
    [TestCase("1e-1")]
    [TestCase("1e-99999999999")]
    [TestCase("1e99999999999")]
    [TestCase("9007199254740992")]
    [TestCase("-9007199254740992")]
    [TestCase("9007199254740991.5")]
    [TestCase("9223372036854775808")]
    [TestCase("18446744073709551616")]
    [TestCase("1.00000000000000000000000000000001")]
    public void Read_WhenANumberIsNoSafeInteger_Refuses(string number) =>
        Assert.That(() => Read($"{{\"a\":{number}}}"), Throws.InstanceOf<DataModelException>());

    [TestCase("""{"a":1,"a":2}""", Description = "Repeated key.")]
    [TestCase("""{"a":1,"\u0061":2}""", Description = "Repeated key behind an escape.")]
    [TestCase("""{"b":1,"c":1,"a":1,"c":2}""")]
    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("""{"a":"\udc00x"}""")]
    [TestCase("""{"a":"\ud800\u0041"}""")]
    [TestCase("""{"a":"\ud800\ud800"}""")]
    [TestCase("""{"\ud800":1}""")]
    [TestCase("""{"a":{"$link":"bafy"}}""")]
    [TestCase("""{"a":{"$link":null}}""")]
    [TestCase("""{"a":{"b":1,"$link":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"}}""")]
    [TestCase("""{"$link":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"}""")]
    [TestCase("""{"$bytes":"AA"}""")]
    [TestCase("""{"a":{"$bytes":"A"}}""")]
    [TestCase("""{"a":{"$bytes":"AAA-"}}""", Description = "The url-safe alphabet.")]
    [TestCase("""{"a":{"$bytes":"AA=A"}}""")]
    [TestCase("""{"a":{"$bytes":"AA==="}}""")]
    [TestCase("""{"a":{"$bytes":"AA="}}""")]
    [TestCase("""{"a":{"$bytes":"="}}""")]
    [TestCase("""{"a":{"$bytes":"AA AA"}}""")]
    [TestCase("""{"a":{"$bytes":"AAAA\n"}}""")]
    [TestCase("""{"$type":""}""")]
    [TestCase("""{"$type":"\ud800"}""")]
    [TestCase("""{"a":{"$type":"blo\udc62"}}""")]
    [TestCase("""{"a":[{"$type":{}}]}""")]
    [TestCase("""{"a":{"$type":"blob"}}""")]
    [TestCase("""[1]""")]
    [TestCase("""null""")]
    [TestCase("""{"a":1} {}""")]
    [TestCase("""{"a":1,}""")]
    [TestCase("""{"a":1""")]
    [TestCase("""{/**/}""")]
    [TestCase("")]
    public void FromJson_WhenItIsNotOfTheDataModel_Refuses(string json) => Assert.That(() => Read(json), Throws.InstanceOf<DataModelException>());

    [Test]
    public void FromJson_WhenUtf8IsBroken_Refuses()
    {
        byte[] json = [.. "{\"a\":\""u8, 0xc0, 0x80, .. "\"}"u8];
        byte[] key = [.. "{\""u8, 0xed, 0xa0, 0x80, .. "\":1}"u8];
        byte[] escaped = [.. "{\"a\":\"\\n"u8, 0xff, .. "\"}"u8];

        Assert.That(() => DataMap.FromJson(json), Throws.InstanceOf<DataModelException>());
        Assert.That(() => DataMap.FromJson(key), Throws.InstanceOf<DataModelException>());
        Assert.That(() => DataMap.FromJson(escaped), Throws.InstanceOf<DataModelException>());
    }

    [TestCase("\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\ufeff\\ud83d\\ude00é", "\"\\/\b\f\n\r\t\0\uFEFF😀é", Description = "Every escape.")]
    [TestCase("\uFEFFx", "\uFEFFx")]
    public void Read_WhenAStringHasEscapes_KeepsEveryCharacter(string inner, string expected)
    {
        string escaped = inner.StartsWith('"') ? "\\" + inner : inner;

        Assert.That(Read($"{{\"a\":\"{escaped}\"}}").GetText("a"), Is.EqualTo(expected));
    }

    [TestCase("AP", "AA")]
    [TestCase("AP==", "AA")]
    [TestCase("AAD", "AAA")]
    [TestCase("123", "120")]
    public void Read_OfBytes_IgnoresBitsThatNoByteTakes(string base64, string canonical) =>
        Assert.That(Read($"{{\"a\":{{\"$bytes\":\"{base64}\"}}}}").ToJson(), Is.EqualTo($"{{\"a\":{{\"$bytes\":\"{canonical}\"}}}}"));

    [TestCase("AA", new byte[] { 0 })]
    [TestCase("AA==", new byte[] { 0 })]
    [TestCase("", new byte[0])]
    [TestCase("+/8", new byte[] { 0xfb, 0xff })]
    [TestCase("+/8=", new byte[] { 0xfb, 0xff })]
    public void Read_OfBytes_TakesPaddingOrNot(string base64, byte[] expected)
    {
        DataMap map = Read($"{{\"a\":{{\"$bytes\":\"{base64}\"}}}}");

        DagCborReader reader = new(map.Cbor.Span);
        reader.ReadMapHeader();
        reader.ReadKey(default);
        Assert.That(reader.ReadBytes().ToArray(), Is.EqualTo(expected));
        Assert.That(map.ToJson(), Is.EqualTo($"{{\"a\":{{\"$bytes\":\"{base64.TrimEnd('=')}\"}}}}"));
    }

    [TestCase(31, true)]
    [TestCase(32, false)]
    public void Read_NestedSoDeepBelowTheTop_PassesUpTo32Levels(int arrays, bool passes)
    {
        string json = $"{{\"a\":{new string('[', arrays)}{new string(']', arrays)}}}";

        Assert.That(() => Read(json), passes ? Throws.Nothing : Throws.InstanceOf<DataModelException>());
    }

    [Test]
    public void Read_WithALinkAtTheDeepestLevel_Passes()
    {
        string json = $"{{\"a\":{new string('[', 31)}{{\"$link\":\"{RawCid}\"}}{new string(']', 31)}}}";

        Assert.That(Read(json).ToJson(), Is.EqualTo(json));
    }

    [Test]
    public void Read_OfManyKeysInReverse_SortsThem()
    {
        var map = Enumerable.Range(0, 70_000).Reverse().ToDictionary(i => $"key{i}", i => (object?)(long)i);

        Assert.That(DataMap.FromJson(DataValues.ToJson(map)).Cbor.ToArray(), Is.EqualTo(DataValues.Encode(map)));
    }

    [Test]
    public void Read_OfTooManyElements_Refuses()
    {
        string json = $"{{\"a\":[{string.Join(',', Enumerable.Repeat("1", 131_073))}]}}";

        Assert.That(() => Read(json), Throws.InstanceOf<DataModelException>());
    }

    [Test]
    public void Read_WithinADocument_LeavesTheReaderOnTheEnd()
    {
        Utf8JsonReader reader = new("""{"record":{"b":{"c":[]},"a":1},"rkey":"self"}"""u8);
        reader.Read();
        reader.Read();

        DataMap map = DataJson.Read(ref reader);

        Assert.That(reader.TokenType, Is.EqualTo(JsonTokenType.EndObject));
        Assert.That(reader.Read(), Is.True);
        Assert.That(reader.ValueTextEquals("rkey"), Is.True);
        Assert.That(map.ToJson(), Is.EqualTo("""{"a":1,"b":{"c":[]}}"""));
    }

    [Test]
    public void Read_WhenKeysHaveSpecialNamesElsewhere_TakesThemAsData()
    {
        string json = """{"__proto__":{"constructor":1},"$unknown":true}""";

        Assert.That(Read(json).ToJson(), Is.EqualTo("""{"$unknown":true,"__proto__":{"constructor":1}}"""));
    }

    [Test]
    public void Write_WhenBytesAreMany_WritesThemWhole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)];
        var map = DataMap.FromCbor(DataValues.Encode(new Dictionary<string, object?> { ["a"] = bytes }));

        using JsonDocument json = JsonDocument.Parse(map.ToJson());
        string base64 = json.RootElement.GetProperty("a").GetProperty("$bytes").GetString()!;
        Assert.That(base64, Is.EqualTo(Convert.ToBase64String(bytes).TrimEnd('=')));
    }

    private static DataMap Read(string json) => DataMap.FromJson(Encoding.UTF8.GetBytes(json));
}
