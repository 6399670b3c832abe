using System.Text;
using System.Text.Json.Nodes;
using Pds.Application.Lexicons;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

/// <summary>Our lexicons against the published ones, so that drift shows.</summary>
[Category(SharedData.Category)]
internal sealed class BuiltInLexiconsTests
{
    private static readonly string[] Names = [.. BuiltInLexicons.Names().Order(StringComparer.Ordinal)];

    [Test]
    public void Lexicons_AreThere()
    {
        var lexicons = new BuiltInLexicons();

        Assert.That(Names.Select(lexicons.Find).OfType<RecordSchema>().Count(), Is.EqualTo(21));
        Assert.That(lexicons.Find("com.example.thing"), Is.Null);
        Assert.That(lexicons.Find("app.bsky.feed.post#gone"), Is.Null);
    }

    [TestCaseSource(nameof(Names))]
    public void Lexicon_LacksNothingItRefersTo(string nsid)
    {
        var lexicons = new BuiltInLexicons();
        LexiconDocument document = LexiconDocument.Parse(BuiltInLexicons.Read(nsid));

        Assert.That(document.Id.ToString(), Is.EqualTo(nsid));
        Assert.That(document.Defs.Values.SelectMany(def => LexiconReferences.FindGaps(def, lexicons)), Is.Empty);
    }

    [Test]
    public void Lexicons_AreTheTableOfConstraints()
    {
        JsonNode table = JsonNode.Parse(File.ReadAllBytes(SharedData.Require(Path.Combine("..", "spec", "10-record-constraints.json"))))!;
        JsonObject ours = [];
        foreach (string nsid in Names)
        {
            foreach ((string name, JsonNode? def) in JsonNode.Parse(BuiltInLexicons.Read(nsid))!["defs"]!.AsObject())
            {
                ours[name == "main" ? nsid : $"{nsid}#{name}"] = def!.DeepClone();
            }
        }

        JsonObject theirs = [];
        foreach ((string name, JsonNode? record) in table["records"]!.AsObject())
        {
            theirs[name] = new JsonObject { ["type"] = "record", ["key"] = record!["key"]!.DeepClone(), ["record"] = record["record"]!.DeepClone() };
        }

        foreach ((string name, JsonNode? def) in table["defs"]!.AsObject())
        {
            theirs[name] = def!.DeepClone();
        }

        Assert.That(ours.Select(def => def.Key), Is.EquivalentTo(theirs.Select(def => def.Key)));
        Assert.That(ours.Where(def => !JsonNode.DeepEquals(def.Value, theirs[def.Key])).Select(def => def.Key), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Compared() => SharedData.IsRequired || SharedData.Find("lexicons") is not null
        ? Names.Select(name => new TestCaseData(name))
        : [new TestCaseData("").Ignore(SharedData.Missing("lexicons")).SetArgDisplayNames("lexicons")];

    [TestCaseSource(nameof(Compared))]
    public void Lexicon_HasTheConstraintsOfThePublishedOne(string nsid)
    {
        string file = Path.Combine(SharedData.Require("lexicons"), $"{nsid.Replace('.', Path.DirectorySeparatorChar)}.json");
        if (!File.Exists(file))
        {
            Assert.That(nsid, Does.StartWith("com.germnetwork."), "Only this one is not in the set.");
            return;
        }

        JsonObject ours = JsonNode.Parse(BuiltInLexicons.Read(nsid))!["defs"]!.AsObject();
        JsonObject theirs = JsonNode.Parse(File.ReadAllBytes(file))!["defs"]!.AsObject();

        foreach ((string name, JsonNode? def) in ours)
        {
            Assert.That(Constraints(def!, nsid), Is.EqualTo(Constraints(theirs[name]!, nsid)), name);
        }
    }

    /// <summary>A definition as text in one form: names in order, no descriptions, references in full, an open union said to be open.</summary>
    private static string Constraints(JsonNode node, string nsid)
    {
        switch (node)
        {
            case JsonArray list:
                return $"[{string.Join(',', list.Select(item => Constraints(item!, nsid)))}]";
            case JsonObject map:
                var text = new StringBuilder("{");
                bool isProperties = map.Parent is JsonObject && map.GetPropertyName() == "properties";
                bool isUnion = !isProperties && map["type"] is JsonValue type && type.ToString() == "union";
                foreach ((string name, JsonNode? value) in map.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    if (isProperties || (name != "description" && !(isUnion && name == "closed" && !value!.GetValue<bool>())))
                    {
                        text.Append(name).Append(':').Append(name is "ref" or "refs" ? References(value!, nsid) : Constraints(value!, nsid)).Append(';');
                    }
                }

                return text.Append('}').ToString();
            default:
                return node.ToJsonString();
        }
    }

    private static string References(JsonNode node, string nsid) => node switch
    {
        JsonArray list => $"[{string.Join(',', list.Select(item => References(item!, nsid)))}]",
        JsonValue => LexiconParser.FullName(nsid, node.GetValue<string>())!,
        _ => Constraints(node, nsid),
    };
}
