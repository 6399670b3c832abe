using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Xrpc;

/// <summary>Records that are refused: the answer names the field.</summary>
internal sealed class DataFaultTests : PdsTest
{
    private const string Create = "com.atproto.repo.createRecord";
    private const string Apply = "com.atproto.repo.applyWrites";

    [TestCase("""{"$type":"com.example.note","a":{"b":[1,2,{"c":1.5}]}}""", "record.a.b[2].c: Numbers must be integers within ±(2^53 - 1).")]
    [TestCase("""{"$type":"com.example.note","a":[[],[{"$link":"x"}]]}""", "record.a[1][0].$link: The value of $link must be a CID of version 1 in base32: dag-cbor or raw, sha2-256.")]
    [TestCase("""{"$type":"com.example.note","a":{"$bytes":5}}""", "record.a.$bytes: The value of $link and $bytes must be a string.")]
    [TestCase("""{"$type":"com.example.note","a":{"$type":""}}""", "record.a.$type: $type must not be empty.")]
    [TestCase("""{"$type":"com.example.note","a":{"$type":"blob"}}""", "record.a: An object of $type blob must have ref (a link), mimeType (a media type) and size (an integer from 0), and nothing else.")]
    [TestCase("""{"$type":"app.bsky.feed.post","text":5,"createdAt":"2026-01-01T00:00:00Z"}""", "Invalid app.bsky.feed.post record: record.text must be a string")]
    [TestCase("""{"$type":"app.bsky.feed.post","text":"a"}""", "Invalid app.bsky.feed.post record: record.createdAt is missing")]
    public async Task CreateRecord_WhenAFieldIsWrong_NamesIt(string record, string fault)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string collection = (string)JsonNode.Parse(record)!["$type"]!;

        HttpResponseMessage response = await PostAsync(alice, Create, $$"""{"repo":"{{alice.Did}}","collection":"{{collection}}","record": {{record}} }""");

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Does.EndWith(fault));
    }

    [Test]
    public async Task ApplyWrites_WhenAFieldIsWrong_NamesTheWriteToo()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        const string good = """{"$type":"com.atproto.repo.applyWrites#create","collection":"com.example.note","value":{"$type":"com.example.note"}}""";
        string bad = good.Replace("""{"$type":"com.example.note"}""", """{"$type":"com.example.note","n":0.5}""", StringComparison.Ordinal);

        HttpResponseMessage response = await PostAsync(alice, Apply, $$"""{"repo":"{{alice.Did}}","writes":[ {{good}}, {{bad}} ]}""");

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo($"Invalid {Apply} input: writes[1].value.n: Numbers must be integers within ±(2^53 - 1)."));
    }

    [Test]
    public async Task CreateRecord_WhenThePathIsLong_NamesItsBeginning()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string name = new('n', 5000);

        HttpResponseMessage response = await PostAsync(
            alice, Create, $$$"""{"repo":"{{{alice.Did}}}","collection":"com.example.note","record":{"$type":"com.example.note","{{{name}}}":0.5}}""");

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Has.Length.LessThan(400).And.Contains("record.nnn"));
    }

    private static async Task<HttpResponseMessage> PostAsync(AccountClient account, string method, string json)
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        return await account.Http.PostAsync(new Uri($"/xrpc/{method}", UriKind.Relative), content);
    }
}
