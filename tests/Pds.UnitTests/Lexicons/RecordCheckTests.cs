using System.Text;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

/// <summary>The table of validation, row by row.</summary>
internal sealed class RecordCheckTests
{
    private const string Blob = """{"$type":"blob","ref":{"$link":"RAW"},"mimeType":"image/png","size":10}""";

    private const string Defs =
        """
        ,"one":{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}},"two":{"type":"object"},
        "list":{"type":"array","items":{"type":"ref","ref":"#one"}},"text":{"type":"string","maxLength":3}
        """;

    [TestCase("""{"type":"boolean"}""", "true")]
    [TestCase("""{"type":"boolean","const":false}""", "false")]
    [TestCase("""{"type":"integer"}""", "-9007199254740991")]
    [TestCase("""{"type":"integer","minimum":1,"maximum":3}""", "3")]
    [TestCase("""{"type":"integer","enum":[4,9],"maximum":5}""", "9")]
    [TestCase("""{"type":"integer","const":7,"maximum":5}""", "7")]
    [TestCase("""{"type":"string"}""", "\"\"")]
    [TestCase("""{"type":"string","const":"abc","maxLength":1}""", "\"abc\"")]
    [TestCase("""{"type":"string","enum":["abc"],"maxLength":1}""", "\"abc\"")]
    [TestCase("""{"type":"string","knownValues":["abc"]}""", "\"xyz\"")]
    [TestCase("""{"type":"string","minLength":2,"maxLength":4}""", "\"éé\"")]
    [TestCase("""{"type":"string","minGraphemes":1,"maxGraphemes":1,"maxLength":25}""", "\"👨‍👩‍👧‍👧\"")]
    [TestCase("""{"type":"string","maxGraphemes":1}""", "\"e\\u0301\"")]
    [TestCase("""{"type":"string","format":"of-the-future"}""", "\"anything\"")]
    [TestCase("""{"type":"string","format":"did"}""", "\"did:plc:x\"")]
    [TestCase("""{"type":"string","default":"x"}""", "\"y\"")]
    [TestCase("""{"type":"bytes","minLength":2,"maxLength":2}""", """{"$bytes":"AAA"}""")]
    [TestCase("""{"type":"cid-link"}""", """{"$link":"CBOR"}""")]
    [TestCase("""{"type":"blob"}""", Blob)]
    [TestCase("""{"type":"blob","accept":["*/*"],"maxSize":10}""", Blob)]
    [TestCase("""{"type":"blob","accept":["text/plain","image/*"]}""", Blob)]
    [TestCase("""{"type":"blob","accept":["image/png"]}""", Blob)]
    [TestCase("""{"type":"array","items":{"type":"integer"},"minLength":0,"maxLength":2}""", "[1,2]")]
    [TestCase("""{"type":"array","items":{"type":"ref","ref":"#one"}}""", """[{"a":1}]""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"integer"}}}""", """{"b":"unknown fields are allowed","$type":"com.example.x"}""")]
    [TestCase("""{"type":"object","nullable":["a"],"required":["a"],"properties":{"a":{"type":"integer"}}}""", """{"a":null}""")]
    [TestCase("""{"type":"ref","ref":"#one"}""", """{"a":1}""")]
    [TestCase("""{"type":"ref","ref":"#one"}""", """{"a":1,"$type":"com.example.thing#one"}""")]
    [TestCase("""{"type":"ref","ref":"com.example.thing#list"}""", """[{"a":1}]""")]
    [TestCase("""{"type":"ref","ref":"#text"}""", "\"abc\"")]
    [TestCase("""{"type":"ref","ref":"#main"}""", """{"$type":"com.example.thing"}""")]
    [TestCase("""{"type":"union","refs":["#one","#two"]}""", """{"$type":"com.example.thing#one","a":1}""")]
    [TestCase("""{"type":"union","refs":["#one"]}""", """{"$type":"com.example.other","a":"of an open union"}""")]
    [TestCase("""{"type":"union","refs":["#two"],"closed":true}""", """{"$type":"com.example.thing#two","a":"x"}""")]
    [TestCase("""{"type":"union","refs":["com.example.thing"],"closed":true}""", """{"$type":"com.example.thing"}""")]
    [TestCase("""{"type":"unknown"}""", """{"a":[1,{"$link":"CBOR"}],"$type":"anything"}""")]
    public void Check_WhenTheValueObeys_FindsNothing(string field, string value) =>
        Assert.That(GivenLexicon.CheckField(GivenLexicon.WithField(field, Defs), WithCids(value)), Is.Null);

    [TestCase("""{"type":"boolean"}""", "1", "v must be a boolean")]
    [TestCase("""{"type":"boolean","const":false}""", "true", "v must be false")]
    [TestCase("""{"type":"integer"}""", "true", "v must be an integer")]
    [TestCase("""{"type":"integer"}""", "\"1\"", "v must be an integer")]
    [TestCase("""{"type":"integer"}""", "null", "v must be an integer")]
    [TestCase("""{"type":"integer","minimum":1}""", "0", "v must be at least 1")]
    [TestCase("""{"type":"integer","maximum":1}""", "2", "v must be at most 1")]
    [TestCase("""{"type":"integer","enum":[4,9]}""", "5", "v must be one of 4, 9")]
    [TestCase("""{"type":"integer","const":7}""", "8", "v must be 7")]
    [TestCase("""{"type":"string"}""", "1", "v must be a string")]
    [TestCase("""{"type":"string"}""", """{"$bytes":"AAA"}""", "v must be a string")]
    [TestCase("""{"type":"string","const":"abc"}""", "\"ABC\"", "v must be \"abc\"")]
    [TestCase("""{"type":"string","enum":["a","b"]}""", "\"c\"", "v must be one of \"a\", \"b\"")]
    [TestCase("""{"type":"string","minLength":2}""", "\"a\"", "v must have at least 2 bytes")]
    [TestCase("""{"type":"string","maxLength":3}""", "\"éé\"", "v must have at most 3 bytes")]
    [TestCase("""{"type":"string","minGraphemes":2}""", "\"👨‍👩‍👧‍👧\"", "v must have at least 2 characters")]
    [TestCase("""{"type":"string","minGraphemes":1}""", "\"\"", "v must have at least 1 character")]
    [TestCase("""{"type":"string","maxGraphemes":1}""", "\"ab\"", "v must have at most 1 character")]
    [TestCase("""{"type":"string","format":"at-identifier"}""", "\"x\"", "v must be a DID or handle")]
    [TestCase("""{"type":"string","format":"at-uri"}""", "\"at://x\"", "v must be an AT-URI")]
    [TestCase("""{"type":"string","format":"cid"}""", "\"x\"", "v must be a CID")]
    [TestCase("""{"type":"string","format":"datetime"}""", "\"2024-01-31\"", "v must be a datetime such as 2024-01-31T12:00:00.000Z")]
    [TestCase("""{"type":"string","format":"did"}""", "\"plc:x\"", "v must be a DID")]
    [TestCase("""{"type":"string","format":"handle"}""", "\"did:plc:x\"", "v must be a handle")]
    [TestCase("""{"type":"string","format":"language"}""", "\"deutsch!\"", "v must be a language tag")]
    [TestCase("""{"type":"string","format":"nsid"}""", "\"a.b\"", "v must be an NSID")]
    [TestCase("""{"type":"string","format":"record-key"}""", "\"a/b\"", "v must be a record key")]
    [TestCase("""{"type":"string","format":"tid"}""", "\"x\"", "v must be a TID")]
    [TestCase("""{"type":"string","format":"uri"}""", "\"x\"", "v must be a URI")]
    [TestCase("""{"type":"bytes"}""", "\"AAA\"", "v must be bytes")]
    [TestCase("""{"type":"bytes","minLength":3}""", """{"$bytes":"AAA"}""", "v must have at least 3 bytes")]
    [TestCase("""{"type":"bytes","maxLength":1}""", """{"$bytes":"AAA"}""", "v must have at most 1 byte")]
    [TestCase("""{"type":"cid-link"}""", "\"CBOR\"", "v must be a link")]
    [TestCase("""{"type":"blob"}""", "\"x\"", "v must be a blob")]
    [TestCase("""{"type":"blob"}""", "{}", "v must be a blob")]
    [TestCase("""{"type":"blob"}""", """{"cid":"RAW","mimeType":"image/png"}""", "v must be a blob")]
    [TestCase("""{"type":"blob"}""", """{"$type":"blob","ref":{"$link":"CBOR"},"mimeType":"image/png","size":10}""", "v.ref must be the CID of raw bytes")]
    [TestCase("""{"type":"blob","accept":["image/jpeg","video/*"]}""", Blob, "v.mimeType must be one of image/jpeg, video/*")]
    [TestCase("""{"type":"blob","accept":["IMAGE/PNG"]}""", Blob, "v.mimeType must be one of IMAGE/PNG")]
    [TestCase("""{"type":"blob","maxSize":9}""", Blob, "v.size must be at most 9")]
    [TestCase("""{"type":"array","items":{"type":"integer"}}""", "{}", "v must be an array")]
    [TestCase("""{"type":"array","items":{"type":"integer"},"minLength":1}""", "[]", "v must have at least 1 item")]
    [TestCase("""{"type":"array","items":{"type":"integer"},"maxLength":1}""", "[1,2]", "v must have at most 1 item")]
    [TestCase("""{"type":"array","items":{"type":"integer"}}""", "[1,null]", "v[1] must be an integer")]
    [TestCase("""{"type":"array","items":{"type":"ref","ref":"#one"}}""", """[{"a":1},{"a":"x"}]""", "v[1].a must be an integer")]
    [TestCase("""{"type":"object"}""", "[]", "v must be an object")]
    [TestCase("""{"type":"object"}""", """{"$link":"CBOR"}""", "v must be an object")]
    [TestCase("""{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"bb":{"type":"integer"}}}""", """{"bb":1}""", "v.a is missing")]
    [TestCase("""{"type":"object","required":["bb"],"properties":{"a":{"type":"integer"},"bb":{"type":"integer"}}}""", """{"a":1}""", "v.bb is missing")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"integer"}}}""", """{"a":null}""", "v.a must be an integer")]
    [TestCase("""{"type":"ref","ref":"#one"}""", """{"a":1,"$type":"com.example.thing#two"}""", "v.$type must be com.example.thing#one")]
    [TestCase("""{"type":"ref","ref":"#main"}""", "{}", "v.$type is missing")]
    [TestCase("""{"type":"ref","ref":"#text"}""", "\"abcd\"", "v must have at most 3 bytes")]
    [TestCase("""{"type":"ref","ref":"com.example.gone"}""", "{}", "v is of the type com.example.gone, which is not known")]
    [TestCase("""{"type":"union","refs":["#one"]}""", "1", "v must be an object")]
    [TestCase("""{"type":"union","refs":["#one"]}""", """{"a":1}""", "v must have a $type")]
    [TestCase("""{"type":"union","refs":["#one"]}""", """{"$type":"com.example.thing#one","a":"x"}""", "v.a must be an integer")]
    [TestCase("""{"type":"union","refs":["#one"],"closed":true}""", """{"$type":"com.example.other"}""", "v has a $type that is not allowed here")]
    [TestCase("""{"type":"union","refs":["com.example.thing"]}""", """{"$type":"com.example.thing#main"}""", "v has a $type that is not a type's name")]
    [TestCase("""{"type":"unknown"}""", "1", "v must be an object that is not a blob")]
    [TestCase("""{"type":"unknown"}""", "[]", "v must be an object that is not a blob")]
    [TestCase("""{"type":"unknown"}""", """{"$bytes":"AAA"}""", "v must be an object that is not a blob")]
    [TestCase("""{"type":"unknown"}""", """{"$link":"CBOR"}""", "v must be an object that is not a blob")]
    [TestCase("""{"type":"unknown"}""", Blob, "v must be an object that is not a blob")]
    public void Check_WhenTheValueDoesNot_SaysWhereAndWhy(string field, string value, string fault) =>
        Assert.That(GivenLexicon.CheckField(GivenLexicon.WithField(field, Defs), WithCids(value))?.ToString(), Is.EqualTo($"record.{fault}"));

    [TestCase("""{}""", "record.$type is missing")]
    [TestCase("""{"$type":"com.example.other"}""", "record.$type must be com.example.thing")]
    [TestCase("""{"$type":"com.example.thing#main"}""", "record.$type must be com.example.thing")]
    public void Check_OfARecord_DemandsItsType(string json, string fault) =>
        Assert.That(GivenLexicon.Check(GivenLexicon.WithField("""{"type":"string"}"""), json)?.ToString(), Is.EqualTo(fault));

    [Test]
    public void Check_OfAToken_DemandsItsName()
    {
        // No definition may refer to a token, so only a schema made by hand gets here.
        TokenSchema token = (TokenSchema)GivenLexicon.Of("""{"lexicon":1,"id":"com.example.t","defs":{"t":{"type":"token"}}}""").Defs["com.example.t#t"];
        LexiconDocument document = GivenLexicon.WithField("""{"type":"ref","ref":"com.example.t#t"}""");
        var lexicons = new LexiconSet([document, GivenLexicon.Of("""{"lexicon":1,"id":"com.example.t","defs":{"t":{"type":"token"}}}""")]);

        LexiconFault? good = RecordCheck.Check((RecordSchema)document.Main!, GivenLexicon.Record("""{"$type":"com.example.thing","v":"com.example.t#t"}"""), lexicons);
        LexiconFault? bad = RecordCheck.Check((RecordSchema)document.Main!, GivenLexicon.Record("""{"$type":"com.example.thing","v":"com.example.t#u"}"""), lexicons);

        Assert.Multiple(() =>
        {
            Assert.That(token.Name, Is.EqualTo("com.example.t#t"));
            Assert.That(good, Is.Null);
            Assert.That(bad?.ToString(), Is.EqualTo("record.v must be \"com.example.t#t\""));
        });
    }

    [Test]
    public void Check_WhenDataIsNestedAsDeeplyAsMayBe_FollowsIt()
    {
        LexiconDocument document = GivenLexicon.WithField("""{"type":"ref","ref":"#node"}""", ""","node":{"type":"object","properties":{"n":{"type":"ref","ref":"#node"}}}""");
        string deep = string.Concat(Enumerable.Repeat("""{"n":""", 30)) + "{}" + new string('}', 30);
        string wrong = string.Concat(Enumerable.Repeat("""{"n":""", 30)) + "1" + new string('}', 30);

        Assert.That(GivenLexicon.CheckField(document, deep), Is.Null);
        Assert.That(GivenLexicon.CheckField(document, wrong)!.Path, Is.EqualTo("record.v" + string.Concat(Enumerable.Repeat(".n", 30))));
    }

    [TestCase(300, true)]
    [TestCase(301, false)]
    public void Graphemes_OfEmoji_CountAsReadersDo(int count, bool accepted)
    {
        LexiconDocument document = GivenLexicon.WithField("""{"type":"string","maxGraphemes":300}""");

        LexiconFault? fault = GivenLexicon.CheckField(document, $"\"{string.Concat(Enumerable.Repeat("🏳️‍🌈", count))}\"");

        Assert.That(fault is null, Is.EqualTo(accepted));
    }

    [TestCase("", 0)]
    [TestCase("abc", 3)]
    [TestCase("\r\n", 1)]
    [TestCase("👨‍👩‍👧‍👧", 1)]
    [TestCase("e\u0301", 1)]
    [TestCase("🇩🇪🏳️‍🌈", 2)]
    [TestCase("각", 1)]
    public void Graphemes_AreExtendedClusters(string text, int count)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);

        Assert.That(Graphemes.AreWithin(utf8, count, count), Is.True);
        Assert.That(Graphemes.AreWithin(utf8, count + 1, null), Is.False);
        Assert.That(count == 0 || !Graphemes.AreWithin(utf8, null, count - 1), Is.True);
    }

    private static string WithCids(string json) =>
        json.Replace("RAW", GivenLexicon.RawCid, StringComparison.Ordinal).Replace("CBOR", GivenLexicon.DagCborCid, StringComparison.Ordinal);
}
