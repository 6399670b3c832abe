using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class QueryParameterTests : XrpcTest
{
    private const string Path = "/xrpc/com.example.probe.query";

    // Pitfalls D 67 and D 68.
    [TestCase("", """{"limit":50,"reverse":true}""")]
    [TestCase("?limit=7&reverse=false&flag=true", """{"flag":true,"limit":7,"reverse":false}""")]
    [TestCase("?limit=&text=&did=", """{"limit":50,"reverse":true}""")]
    [TestCase("?did=did%3Aplc%3Aabc", """{"did":"did:plc:abc","limit":50,"reverse":true}""")]
    [TestCase("?text=a+b%20c%2Bd;e", """{"text":"a b c+d;e","limit":50,"reverse":true}""")]
    [TestCase("?names=com.example.a&names=com.example.b", """{"names":["com.example.a","com.example.b"],"limit":50,"reverse":true}""")]
    [TestCase("?names=com.example.a", """{"names":["com.example.a"],"limit":50,"reverse":true}""")]
    [TestCase("?unknown=1&LIMIT=x&names[]=x", """{"limit":50,"reverse":true}""")]
    [TestCase("?limit=100", """{"limit":100,"reverse":true}""")]
    public async Task Query_WhenParametersFit_BindsThem(string query, string expected)
    {
        HttpResponseMessage response = await GetRawAsync(Path + query);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(expected));
    }

    // Pitfall D 68.
    [TestCase("?limit=abc", "limit must be an integer")]
    [TestCase("?limit=1.0", "limit must be an integer")]
    [TestCase("?limit=%2B5", "limit must be an integer")]
    [TestCase("?limit=+5", "limit must be an integer")]
    [TestCase("?limit=9007199254740993", "limit must be an integer")]
    [TestCase("?limit=0", "limit must be 1 to 100")]
    [TestCase("?limit=101", "limit must be 1 to 100")]
    [TestCase("?limit=1&limit=2", "limit must be given once")]
    [TestCase("?reverse=1", "reverse must be true or false")]
    [TestCase("?reverse=True", "reverse must be true or false")]
    [TestCase("?did=alice.test", "did must be a DID")]
    [TestCase("?names=com.example.a&names=x", "names must be an NSID")]
    [TestCase("?names=com.example.a,com.example.b", "names must be an NSID")]
    public async Task Query_WhenAParameterDoesNotFit_AnswersInvalidRequest(string query, string reason)
    {
        HttpResponseMessage response = await GetRawAsync(Path + query);

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo($"Invalid com.example.probe.query params: {reason}"));
    }

    [TestCase("?text=x", "repo is required")]
    [TestCase("?repo=alice.test", "text is required")]
    [TestCase("?repo=alice.test&text=", "text is required")]
    public async Task Query_WhenARequiredParameterIsMissing_AnswersInvalidRequestBeforeAuthentication(string query, string reason)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/xrpc/com.example.probe.required" + query, authorization: "bearer x  y");

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Does.EndWith(reason));
    }
}
