using System.Text;
using System.Text.Json;
using Pds.Application.Proxying;

namespace Pds.UnitTests.Proxying;

internal sealed class AnswerJsonTests
{
    [TestCase("""{"did":"\ud800"}""")]
    [TestCase("""{"\udc00":1}""")]
    public void Parse_WhenATextIsNotUnicode_IsNoJson(string json) =>
        Assert.That(() => AnswerJson.Parse(Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<JsonException>());
}
