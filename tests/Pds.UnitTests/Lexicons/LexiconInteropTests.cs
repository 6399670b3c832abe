using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

/// <summary>The shared fixtures of the Lexicon language.</summary>
[Category(SharedData.Category)]
internal sealed class LexiconInteropTests
{
    private static readonly LexiconSet Catalog = new(Documents("lexicon/catalog"));

    private static RecordSchema RecordSchema => (RecordSchema)Catalog.Find("example.lexicon.record")!;

    [TestCaseSource(nameof(Cases), new object[] { "lexicon/lexicon-valid.json" })]
    public void Parse_WhenTheLexiconIsValid_TakesIt(JsonObject fixture) =>
        Assert.That(Parse(fixture["lexicon"]!).Defs, Is.Not.Empty);

    [TestCaseSource(nameof(Cases), new object[] { "lexicon/lexicon-invalid.json" })]
    public void Parse_WhenTheLexiconIsNotValid_RefusesIt(JsonObject fixture) =>
        Assert.Throws<LexiconFormatException>(() => Parse(fixture["lexicon"]!));

    // Pitfall I 158.
    [TestCaseSource(nameof(Cases), new object[] { "lexicon/record-data-valid.json" })]
    public void Check_WhenTheRecordIsValid_FindsNothing(JsonObject fixture)
    {
        // The fixtures refer to blobs by CIDs of DAG-CBOR, which new records must not.
        LexiconFault? fault = RecordCheck.Check(RecordSchema, Record(WithRawBlobs(fixture["data"]!)), Catalog);

        Assert.That(fault, Is.Null);
        Assert.That(RecordCheck.CheckKey(RecordSchema, RecordKey.Parse(fixture["rkey"]!.GetValue<string>())), Is.Null);
    }

    // Pitfall I 161.
    [TestCaseSource(nameof(Cases), new object[] { "lexicon/record-data-invalid.json" })]
    public void Check_WhenTheRecordIsNotValid_FindsAFault(JsonObject fixture)
    {
        DataMap record = Record(WithRawBlobs(fixture["data"]!));

        Assert.That(RecordCheck.Check(RecordSchema, record, Catalog), Is.Not.Null);
    }

    [Test]
    public void Parse_TakesEveryPublishedLexicon()
    {
        SharedData.Require("lexicons");
        LexiconDocument[] documents = [.. Documents("lexicons")];
        var set = new LexiconSet(documents);

        Assert.That(documents, Has.Length.GreaterThan(300));
        Assert.That(
            documents.Where(document => document.Main is not null and not PermissionSetSchema)
                .SelectMany(document => LexiconReferences.FindGaps(document.Main!, set).Select(gap => $"{document.Id}: {gap.Name} {gap.Message}"))
                .Where(gap => !gap.Contains("tools.ozone.", StringComparison.Ordinal)),
            Is.Empty);
    }

    private static IEnumerable<LexiconDocument> Documents(string folder) => SharedData.Find(folder) is not { } path
        ? []
        : Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Select(file => LexiconDocument.Parse(File.ReadAllBytes(file)));

    private static IEnumerable<TestCaseData> Cases(string relative)
    {
        if (SharedData.Find(relative) is not { } path)
        {
            if (SharedData.IsRequired)
            {
                throw new FileNotFoundException(SharedData.Missing(relative), relative);
            }

            yield return new TestCaseData(new JsonObject()).Ignore(SharedData.Missing(relative)).SetArgDisplayNames(relative);
            yield break;
        }

        foreach (JsonNode? fixture in JsonNode.Parse(File.ReadAllBytes(path))!.AsArray())
        {
            yield return new TestCaseData(fixture!.AsObject()).SetArgDisplayNames(fixture["name"]!.GetValue<string>());
        }
    }

    private static LexiconDocument Parse(JsonNode json) => LexiconDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(json));

    private static DataMap Record(JsonNode json) => DataMap.FromJson(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonNode WithRawBlobs(JsonNode json)
    {
        JsonNode copy = json.DeepClone();
        foreach ((_, JsonNode? value) in copy.AsObject())
        {
            if (value is JsonObject blob && blob["$type"]?.ToString() == "blob")
            {
                blob["ref"] = new JsonObject { ["$link"] = GivenLexicon.RawCid };
            }
        }

        return copy;
    }
}
