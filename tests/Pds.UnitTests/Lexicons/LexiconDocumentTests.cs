using System.Text;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

internal sealed class LexiconDocumentTests
{
    [TestCase("""{"type":"object","required":["w"],"properties":{"w":{"type":"string"}}}""")]
    [TestCase("""{"type":"object","extra":{"x":1},"properties":{}}""")]
    [TestCase("""{"type":"string","format":"of-the-future"}""")]
    [TestCase("""{"type":"array","items":{"type":"ref","ref":"#d"}}""")]
    [TestCase("""{"type":"array","items":{"type":"union","refs":[]}}""")]
    [TestCase("""{"type":"token"}""")]
    [TestCase("""{"type":"boolean","const":true}""")]
    [TestCase("""{"type":"blob","accept":["image/*","*/*","text/plain"],"maxSize":5}""")]
    public void Parse_WhenTheDefinitionIsWellFormed_TakesIt(string definition) =>
        Assert.That(WithDefinition(definition).Defs.Keys, Is.EquivalentTo(["com.example.doc#it", "com.example.doc#d", "com.example.doc#s"]));

    [TestCase("""{"type":"object","required":["w"],"properties":{}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"token"}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"record"}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{}}}""")]
    [TestCase("""{"type":"object","properties":[]}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"ref"}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"ref","ref":"#none"}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"ref","ref":"not an nsid"}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"ref","ref":"com.example.doc#"}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"union","refs":["#it","#s"]}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"union","refs":[],"closed":true}}}""")]
    [TestCase("""{"type":"object","properties":{"w":{"type":"union"}}}""")]
    [TestCase("""{"type":"array"}""")]
    [TestCase("""{"type":"array","items":{"type":"array","items":{"type":"string"}}}""")]
    [TestCase("""{"type":"array","items":{"type":"object"}}""")]
    [TestCase("""{"type":"string","const":"a","default":"b"}""")]
    [TestCase("""{"type":"integer","const":1,"default":1}""")]
    [TestCase("""{"type":"boolean","const":true,"default":true}""")]
    [TestCase("""{"type":"string","maxLength":-1}""")]
    [TestCase("""{"type":"string","maxLength":1.5}""")]
    [TestCase("""{"type":"string","enum":[1]}""")]
    [TestCase("""{"type":"string","enum":"a"}""")]
    [TestCase("""{"type":"integer","minimum":"1"}""")]
    [TestCase("""{"type":"blob","accept":["image"]}""")]
    [TestCase("""{"type":"string","format":1}""")]
    [TestCase("""{"type":"string","const":"\ud800"}""")]
    [TestCase("""{"type":"string","type":"string"}""")]
    [TestCase("""{"type":"union","refs":["#d"]}""")]
    [TestCase("""{"type":"ref","ref":"#d"}""")]
    [TestCase("""{"type":"unknown"}""")]
    [TestCase("""{"type":"params"}""")]
    [TestCase("""{"type":"permission","resource":"repo"}""")]
    [TestCase("""{"type":"query"}""")]
    [TestCase("""{"type":"float"}""")]
    [TestCase("""{"type":7}""")]
    [TestCase("""[]""")]
    [TestCase("""null""")]
    public void Parse_WhenTheDefinitionIsNot_RefusesIt(string definition) =>
        Assert.Throws<LexiconFormatException>(() => WithDefinition(definition));

    [TestCase("""{"lexicon":2,"id":"com.example.doc","defs":{"d":{"type":"token"}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc"}""")]
    [TestCase("""{"lexicon":1,"id":"example","defs":{"d":{"type":"token"}}}""")]
    [TestCase("""{"id":"com.example.doc","defs":{"d":{"type":"token"}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"a b":{"type":"token"}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"record","key":"self","record":{"type":"object"}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"record","key":"literal:","record":{"type":"object"}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"record","record":{"type":"object"}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"query","parameters":{"type":"object"}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"query","parameters":{"type":"params","properties":{"p":{"type":"blob"}}}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"query","output":{"schema":{"type":"object"}}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"query","output":{"encoding":"a/b","schema":{"type":"string"}}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"subscription","message":{"schema":{"type":"object"}}}}}""")]
    [TestCase("""{"lexicon":1,"id":"com.example.doc","defs":{"main":{"type":"permission-set","permissions":[{"resource":"repo"}]}}}""")]
    [TestCase("not json")]
    [TestCase("")]
    public void Parse_WhenTheDocumentIsNone_RefusesIt(string json) =>
        Assert.Throws<LexiconFormatException>(() => LexiconDocument.Parse(Encoding.UTF8.GetBytes(json)));

    [Test]
    public void Parse_WhenSomethingIsWrong_SaysWhere()
    {
        LexiconFormatException fault = Assert.Throws<LexiconFormatException>(() => WithDefinition("""{"type":"object","properties":{"w":{"type":"array"}}}"""))!;

        Assert.That(fault.Message, Is.EqualTo("defs.it.properties.w.items is missing."));
    }

    [Test]
    public void Parse_OfAMethod_KeepsWhatItTakesAndGives()
    {
        LexiconDocument document = GivenLexicon.Of(
            """
            {"lexicon":1,"id":"com.example.do","defs":{"main":{"type":"procedure",
             "input":{"encoding":"application/json","schema":{"type":"object","properties":{"a":{"type":"string"}}}},
             "output":{"encoding":"*/*"},"errors":[{"name":"TooBad"}]}}}
            """);

        var method = (MethodSchema)document.Main!;
        Assert.Multiple(() =>
        {
            Assert.That(method.Kind, Is.EqualTo(MethodKind.Procedure));
            Assert.That(((ObjectSchema)method.Input!.Schema!).Properties.Single().Name, Is.EqualTo("a"));
            Assert.That(method.Output, Is.EqualTo(new MethodBody("*/*", null)));
            Assert.That(method.Errors, Is.EqualTo(new[] { "TooBad" }));
        });
    }

    [Test]
    public void Parse_OfAPermissionSet_KeepsThePermissions()
    {
        LexiconDocument document = GivenLexicon.Of(
            """
            {"lexicon":1,"id":"com.example.perms","defs":{"main":{"type":"permission-set","title":"All","title:lang":{"de":"Alles"},
             "permissions":[{"type":"permission","resource":"rpc","lxm":["com.example.a","com.example.b"],"inheritAud":true}]}}}
            """);

        var set = (PermissionSetSchema)document.Main!;
        Assert.Multiple(() =>
        {
            Assert.That(set.TitleByLanguage["de"], Is.EqualTo("Alles"));
            Assert.That(set.Permissions.Single().Resource, Is.EqualTo("rpc"));
            Assert.That(set.Permissions.Single().Fields["lxm"], Is.EqualTo(new[] { "com.example.a", "com.example.b" }));
            Assert.That(set.Permissions.Single().Fields["inheritAud"], Is.EqualTo(new[] { "true" }));
        });
    }

    [TestCase("tid", "3jzfcijpj2z2a", true)]
    [TestCase("tid", "self", false)]
    [TestCase("nsid", "com.example.thing", true)]
    [TestCase("nsid", "example", false)]
    [TestCase("any", "a:b~c", true)]
    [TestCase("literal:self", "self", true)]
    [TestCase("literal:self", "Self", false)]
    [TestCase("literal:self", "3jzfcijpj2z2a", false)]
    public void Key_Accepts_WhatItsTypeSays(string type, string rkey, bool accepted)
    {
        Assert.That(LexiconKey.TryParse(type, out LexiconKey? key), Is.True);

        Assert.That(key!.Accepts(RecordKey.Parse(rkey)), Is.EqualTo(accepted));
    }

    [Test]
    public void FindGaps_AcrossLexicons_TellsWhatIsMissingOrOfTheWrongKind()
    {
        LexiconDocument document = GivenLexicon.WithField("""{"type":"ref","ref":"com.example.a"}""");
        LexiconDocument a = GivenLexicon.Of(
            """
            {"lexicon":1,"id":"com.example.a","defs":{"main":{"type":"object","properties":{
             "self":{"type":"ref","ref":"com.example.a"},"gone":{"type":"ref","ref":"com.example.b#gone"},
             "union":{"type":"union","refs":["com.example.c#list"]},"token":{"type":"ref","ref":"com.example.c#token"}}}}}
            """);
        LexiconDocument c = GivenLexicon.Of("""{"lexicon":1,"id":"com.example.c","defs":{"token":{"type":"token"},"list":{"type":"array","items":{"type":"string"}}}}""");

        IReadOnlyList<LexiconGap> gaps = LexiconReferences.FindGaps(document.Main!, new LexiconSet([document, a, c]));

        Assert.That(
            gaps.Select(gap => (gap.Name, gap.IsMissing)),
            Is.EquivalentTo([("com.example.b#gone", true), ("com.example.c#list", false), ("com.example.c#token", false)]));
    }

    private static LexiconDocument WithDefinition(string definition) =>
        GivenLexicon.Of($$$"""{"lexicon":1,"id":"com.example.doc","revision":3,"description":"x","defs":{"it":{{{definition}}},"d":{"type":"object"},"s":{"type":"string"} } }""");
}
