using System.Text;
using Pds.Application.Lexicons;
using Pds.Domain.DataModel;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

/// <summary>Whatever comes in, out comes a clean answer.</summary>
internal sealed class LexiconFuzzTests
{
    private const string Post =
        """
        {"$type":"app.bsky.feed.post","text":"Hello @alice.test 👨‍👩‍👧‍👧","createdAt":"2024-01-31T12:00:00.000Z","langs":["en"],
         "facets":[{"index":{"byteStart":6,"byteEnd":17},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:ewvi7nxzyoun6zhxrhs64oiz"}]}],
         "embed":{"$type":"app.bsky.embed.images","images":[{"alt":"","image":{"$type":"blob","ref":{"$link":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"},"mimeType":"image/png","size":10}}]}}
        """;

    [Test]
    public void Check_OfAnyMap_AnswersOrFindsAFault()
    {
        var lexicons = new BuiltInLexicons();
        RecordSchema[] schemas = [.. BuiltInLexicons.Names().Select(lexicons.Find).OfType<RecordSchema>()];
        byte[] cbor = GivenLexicon.Record(Post).Cbor.ToArray();
        var random = new Random(20261121);
        int maps = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutant = [.. cbor];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            DataMap map;
            try
            {
                map = DataMap.FromForeignCbor(mutant);
            }
            catch (DagCborException)
            {
                continue;
            }

            maps++;
            RecordSchema schema = i % 2 == 0 ? schemas[random.Next(schemas.Length)] : (RecordSchema)lexicons.Find("app.bsky.feed.post")!;
            LexiconFault? fault = RecordCheck.Check(schema, map, lexicons);
            Assert.That(fault is null || (fault.Path.StartsWith("record", StringComparison.Ordinal) && fault.Message.Length > 0));
        }

        Assert.That(maps, Is.GreaterThan(1000));
    }

    [Test]
    public void Parse_OfAnyText_GivesALexiconOrSaysWhatIsWrong()
    {
        byte[] json = BuiltInLexicons.Read("app.bsky.feed.post");
        string[] pieces = ["\"ref\"", "null", "[]", "{}", "\"type\":\"union\",", "1", "\"#main\"", "\"type\":\"array\"", "\\ud800", "\"\"", "-1", "true"];
        var random = new Random(20261121);
        int parsed = 0;
        for (int i = 0; i < 5000; i++)
        {
            List<byte> mutant = [.. json];
            int at = random.Next(mutant.Count);
            mutant.RemoveRange(at, random.Next(Math.Min(12, mutant.Count - at)));
            if (i % 2 == 0)
            {
                mutant.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
            }

            try
            {
                LexiconDocument document = LexiconDocument.Parse(mutant.ToArray());
                Assert.That(document.Defs.Keys, Has.All.StartsWith(document.Id.ToString()));
                parsed++;
            }
            catch (LexiconFormatException wrong)
            {
                Assert.That(wrong.Message, Is.Not.Empty);
            }
        }

        Assert.That(parsed, Is.InRange(50, 4_950));
    }
}
