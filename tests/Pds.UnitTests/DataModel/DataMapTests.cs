using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

internal sealed class DataMapTests
{
    private const string RawCid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    private const string Blob = $$"""{"$type":"blob","ref":{"$link":"{{RawCid}}"},"mimeType":"image/png","size":7}""";
    private const string LegacyBlob = $$"""{"cid":"{{RawCid}}","mimeType":"image/png"}""";

    [Test]
    public void Fields_OfTheMapItself_AreFound()
    {
        DataMap map = Read("""{"$type":"a.b.c","text":"hi","n":5,"m":{"x":null},"z":null}""");

        Assert.That(map.Type, Is.EqualTo("a.b.c"));
        Assert.That(map.GetText("text"), Is.EqualTo("hi"));
        Assert.That(map.GetText("n"), Is.Null);
        Assert.That(map.GetText("x"), Is.Null);
        Assert.That(map.GetInteger("n"), Is.EqualTo(5));
        Assert.That(map.GetMap("m")!.ToJson(), Is.EqualTo("""{"x":null}"""));
        Assert.That(map.GetMap("text"), Is.Null);
        Assert.That(map.ContainsKey("z"), Is.True);
        Assert.That(map.ContainsKey("zz"), Is.False);
        Assert.That(Read("""{"a":1}""").Type, Is.Null);
    }

    [Test]
    public void WithType_WhenAnyMap_IsAsIfItHadBeenThere() => Prop.ForAll(DataValues.AnyMap, Gen.Elements("a", "com.example.record", "é").ToArbitrary(), (map, type) =>
    {
        Dictionary<string, object?> expected = new(map) { ["$type"] = type };
        var without = DataMap.FromCbor(DataValues.Encode(map));
        var other = DataMap.FromCbor(DataValues.Encode(new Dictionary<string, object?>(map) { ["$type"] = "other" }));
        return without.WithType(type).Cbor.Span.SequenceEqual(DataValues.Encode(expected))
            && other.WithType(type).Cbor.Span.SequenceEqual(DataValues.Encode(expected))
            && other.WithType("other").Equals(other);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Equality_IsThatOfTheBytes()
    {
        DataMap a = Read("""{"a":1,"bb":2}""");
        DataMap b = Read("""{"bb":2,"a":1.0}""");

        Assert.That(a, Is.EqualTo(b));
        Assert.That(a.GetHashCode(), Is.EqualTo(b.GetHashCode()));
        Assert.That(a.Cid, Is.EqualTo(b.Cid));
        Assert.That(a, Is.Not.EqualTo(Read("""{"a":1}""")));
    }

    [Test]
    public void FindBlobs_AtAnyDepth_FindsThemInOrder()
    {
        DataMap map = Read($$$"""{"embed":{"images":[{"image":{{{Blob}}}},{"image":{{{LegacyBlob}}}}]},"a":{{{Blob}}},"b":{"ref":1,"size":2,"mimeType":"x","q":[]}}""");

        IReadOnlyList<BlobRef> blobs = map.FindBlobs();

        var cid = Cid.Parse(RawCid);
        Assert.That(blobs, Is.EqualTo(new BlobRef[] { new(cid, "image/png", 7), new(cid, "image/png", 7), new(cid, "image/png", -1) }));
    }

    [TestCase(LegacyBlob, true)]
    [TestCase(Blob, false)]
    [TestCase($$"""{"cid":"{{RawCid}}","mimeType":"a","x":1}""", false)]
    [TestCase($$"""{"cid":"{{RawCid}}","mimeType":1}""", false)]
    [TestCase("""{"cid":"x","mimeType":"a"}""", false)]
    [TestCase("1", false)]
    public void ContainsLegacyBlob_GoesByTheExactShape(string value, bool expected) =>
        Assert.That(Read($$"""{"a":[{{value}}]}""").ContainsLegacyBlob(), Is.EqualTo(expected));

    [TestCase("""{"$type":"blob","ref":{"$link":"CID"},"mimeType":"image/png","size":0}""", true)]
    [TestCase("""{"$type":"blob","ref":{"$link":"CID"},"mimeType":"image/png","size":-1}""", false)]
    [TestCase("""{"$type":"blob","ref":{"$link":"CID"},"mimeType":"","size":1}""", false)]
    [TestCase("""{"$type":"blob","ref":{"$link":"CID"},"mimeType":"png","size":1}""", false)]
    [TestCase("""{"$type":"blob","ref":"CID","mimeType":"image/png","size":1}""", false)]
    [TestCase("""{"$type":"blob","ref":{"$link":"CID"},"mimeType":"image/png","size":1,"x":1}""", false)]
    [TestCase("""{"$type":"blob","ref":{"$link":"CID"},"mimeType":"image/png"}""", false)]
    public void FromJsonAndFromCbor_OfABlob_DemandItsExactShape(string blob, bool passes)
    {
        string json = $$"""{"a":{{blob.Replace("CID", RawCid)}}}""";
        string untyped = json.Replace("\"blob\"", "\"glob\"");
        byte[] cbor = Read(untyped).Cbor.ToArray();
        cbor[cbor.AsSpan().IndexOf("glob"u8)] = (byte)'b';

        Assert.That(() => Read(json), passes ? Throws.Nothing : Throws.InstanceOf<DataModelException>());
        Assert.That(() => DataMap.FromCbor(cbor), passes ? Throws.Nothing : Throws.InstanceOf<DagCborException>());
        Assert.That(() => DataMap.FromForeignCbor(cbor), Throws.Nothing);
    }

    [TestCase("$type", 1L)]
    [TestCase("$type", "")]
    [TestCase("$link", "x")]
    [TestCase("$bytes", "x")]
    public void FromCbor_WhenJsonCouldNotSayIt_RefusesUnlessForeign(string key, object value)
    {
        byte[] cbor = DataValues.Encode(new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { [key] = value } });

        Assert.That(() => DataMap.FromCbor(cbor), Throws.InstanceOf<DagCborException>());
        Assert.That(() => DataMap.FromForeignCbor(cbor), Throws.Nothing);
    }

    [Test]
    public void FromCbor_WhenItIsNoMap_Throws()
    {
        Assert.That(() => DataMap.FromCbor(new byte[] { 0x80 }), Throws.InstanceOf<DagCborException>());
        Assert.That(() => DataMap.FromForeignCbor(new byte[] { 0x80 }), Throws.InstanceOf<DagCborException>());
        Assert.That(() => DataMap.FromCbor(ReadOnlyMemory<byte>.Empty), Throws.InstanceOf<DagCborException>());
    }

    private static DataMap Read(string json) => DataMap.FromJson(Encoding.UTF8.GetBytes(json));
}
