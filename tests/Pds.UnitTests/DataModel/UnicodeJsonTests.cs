using System.Text;
using System.Text.Json;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

internal sealed class UnicodeJsonTests
{
    [TestCase("""{"a":"b"}""")]
    [TestCase("""{"a":"é\u00e9\ud83d\ude00"}""")]
    [TestCase("""{"a":"\\ud800"}""", Description = "A backslash, then letters.")]
    [TestCase("""{"a":"\\\\","b":"\n\/"}""")]
    public void Parse_WhenEveryTextIsUnicode_GivesTheDocument(string json)
    {
        using JsonDocument document = UnicodeJson.Parse(Encoding.UTF8.GetBytes(json));

        Assert.That(document.RootElement.GetProperty("a").GetString(), Is.Not.Empty);
    }

    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("""{"a":"\ude00\ud83d"}""")]
    [TestCase("""{"a":"\ud800\ud800\udc00"}""")]
    [TestCase("""{"a":"\uD800x"}""")]
    [TestCase("""{"\ud800":1}""")]
    [TestCase("""{"a":"\u12"}""", Description = "No JSON.")]
    [TestCase("\\")]
    [TestCase("{\"a\":\"\\ud83d\\")]
    [TestCase("")]
    public void Parse_WhenATextIsNot_Refuses(string json) =>
        Assert.That(() => UnicodeJson.Parse(Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<JsonException>());

    [Test]
    public void Parse_WhenTheBytesAreNotUtf8_Refuses() =>
        Assert.That(() => UnicodeJson.Parse((byte[])[.. "{\"a\":\""u8, 0xff, .. "\"}"u8]), Throws.InstanceOf<JsonException>());
}
