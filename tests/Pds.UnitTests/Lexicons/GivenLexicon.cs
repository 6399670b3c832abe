using System.Text;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

/// <summary>Lexicons and records written down in tests.</summary>
internal static class GivenLexicon
{
    public const string RawCid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    public const string DagCborCid = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq";

    public static LexiconDocument Of(string json) => LexiconDocument.Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>The lexicon of com.example.thing, records of which have one field <c>v</c> of the type given.</summary>
    /// <param name="field">The type, as JSON.</param>
    /// <param name="defs">More definitions: <c>,"name":{…}</c>.</param>
    /// <param name="key">The key type.</param>
    /// <param name="id">Another NSID.</param>
    public static LexiconDocument WithField(string field, string defs = "", string key = "any", string id = "com.example.thing") => Of(
        $$$"""
        {"lexicon":1,"id":"{{{id}}}","defs":{"main":{"type":"record","key":"{{{key}}}","record":{"type":"object","properties":{"v":{{{field}}} } } }{{{defs}}} } }
        """);

    public static DataMap Record(string json) => DataMap.FromJson(Encoding.UTF8.GetBytes(json));

    /// <summary>Checks a record of com.example.thing whose field <c>v</c> has a value, as JSON.</summary>
    public static LexiconFault? CheckField(LexiconDocument document, string value) =>
        Check(document, $$"""{"$type":"{{document.Id}}","v":{{value}} }""");

    public static LexiconFault? Check(LexiconDocument document, string json, params LexiconDocument[] others) =>
        RecordCheck.Check((RecordSchema)document.Main!, Record(json), new LexiconSet([document, .. others]));

    public static Nsid Nsid(string text) => Domain.Identifiers.Nsid.Parse(text);
}
