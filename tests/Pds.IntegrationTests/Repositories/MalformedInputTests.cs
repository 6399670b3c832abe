using System.Net;
using System.Text;

namespace Pds.IntegrationTests.Repositories;

/// <summary>Bodies that no client of good will sends.</summary>
internal sealed class MalformedInputTests : RepoTest
{
    private const string Method = "com.atproto.repo.createRecord";

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{\"repo\":")]
    [TestCase("{} {}")]
    [TestCase("{'repo':1}")]
    [TestCase("{\"repo\":\"a\",}")]
    [TestCase("{/* no */}")]
    [TestCase("nul")]
    public async Task CreateRecord_WhenTheBodyIsNoJson_IsRefused(string body)
    {
        HttpResponseMessage response = await Alice.PostAsync(Method, body);

        await ShouldBeRefusedAsync(response);
    }

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"text\"")]
    [TestCase("1")]
    [TestCase("{}")]
    public async Task CreateRecord_WhenTheBodyIsAnotherJson_AnswersInvalidRequest(string body)
    {
        HttpResponseMessage response = await Alice.PostAsync(Method, body);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase("1.5")]
    [TestCase("1e3000")]
    [TestCase("9007199254740993")]
    [TestCase("-9007199254740993")]
    [TestCase("123456789012345678901234567890")]
    [TestCase("\"\\ud800\"")]
    [TestCase("{\"$link\":\"nope\"}")]
    [TestCase("{\"$link\":1}")]
    [TestCase("{\"$bytes\":\"***\"}")]
    [TestCase("{\"$type\":1}")]
    [TestCase("{\"$type\":\"blob\",\"ref\":1}")]
    public async Task CreateRecord_WhenAValueIsNoneOfTheDataModel_IsRefused(string value)
    {
        HttpResponseMessage response = await PostRecordAsync($$"""{"v":{{value}}}""");

        await ShouldBeRefusedAsync(response);
    }

    [TestCase("""{"a":1,"a":2}""")]
    [TestCase("""{"nested":{"a":1,"\u0061":2}}""")]
    public async Task CreateRecord_WhenAKeyComesTwice_IsRefused(string record)
    {
        HttpResponseMessage response = await PostRecordAsync(record);

        await ShouldBeRefusedAsync(response);
    }

    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("\"text\"")]
    [TestCase("{\"$link\":\"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku\"}")]
    [TestCase("{\"$bytes\":\"AQID\"}")]
    public async Task CreateRecord_WhenTheRecordIsNoMap_IsRefused(string record)
    {
        HttpResponseMessage response = await PostRecordAsync(record);

        await ShouldBeRefusedAsync(response);
    }

    [Test]
    public async Task CreateRecord_WhenTheTextIsNotUtf8_IsRefused()
    {
        byte[] before = Encoding.UTF8.GetBytes($$"""{"repo":"{{Alice.Did}}","collection":"com.example.thing","record":{"text":" """.TrimEnd() + " ");
        byte[] body = [.. before, 0xc3, 0x28, 0xff, .. "\"}}"u8];

        HttpResponseMessage response = await Alice.PostAsync(Method, body);

        await ShouldBeRefusedAsync(response);
    }

    [TestCase(50)]
    [TestCase(5_000)]
    [TestCase(100_000)]
    public async Task CreateRecord_WhenNestedTooDeep_IsRefused(int depth)
    {
        string record = $$"""{"deep":{{new string('[', depth)}}{{new string(']', depth)}}}""";

        HttpResponseMessage response = await PostRecordAsync(record);

        await ShouldBeRefusedAsync(response);
    }

    [Test]
    public async Task CreateRecord_WhenTheBodyIsOverTheLimit_AnswersPayloadTooLargeError()
    {
        HttpResponseMessage response = await PostRecordAsync($$"""{"text":"{{new string('x', 1_000_000)}}"}""");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLargeError");
    }

    [Test]
    public async Task CreateRecord_WithARecordJustUnderTheLimit_IsAccepted()
    {
        HttpResponseMessage response = await PostRecordAsync($$"""{"text":"{{new string('x', 900_000)}}"}""");

        await response.ShouldAnswerAsync();
    }

    [TestCase("text/plain")]
    [TestCase("application/cbor")]
    public async Task CreateRecord_WhenTheBodyIsOfAnotherType_IsRefused(string contentType)
    {
        HttpResponseMessage response = await Alice.PostAsync(Method, "{}"u8.ToArray(), contentType);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task CreateRecord_WithFieldsNobodyKnows_IgnoresThem()
    {
        HttpResponseMessage response = await Alice.PostAsync(
            Method, $$$"""{"repo":"{{{Alice.Did}}}","collection":"com.example.thing","record":{"n":1},"surprise":{"a":[1.5]}}""");

        await response.ShouldAnswerAsync();
    }

    [Test]
    public async Task Writing_AfterRefusals_StillWorks()
    {
        for (int i = 0; i < 5; i++)
        {
            await Alice.PostAsync(Method, "{");
            await Alice.PostAsync(Method, new byte[1_200_000]);
        }

        await Alice.CreateAsync(new { n = 1 });
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage response)
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), await response.Content.ReadAsStringAsync());
        Assert.That(System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync()).Text("error"), Is.AnyOf("InvalidRequest", "SyntaxError"));
    }

    private Task<HttpResponseMessage> PostRecordAsync(string record) =>
        Alice.PostAsync(Method, $$"""{"repo":"{{Alice.Did}}","collection":"com.example.thing","record":{{record}}}""");
}
