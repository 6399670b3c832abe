using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class ErrorTests : XrpcTest
{
    // Pitfall D 64.
    [TestCase("fault")]
    [TestCase("unwritable")]
    public async Task Fault_Always_TellsNothing(string method)
    {
        HttpResponseMessage response = await GetRawAsync($"/xrpc/com.example.probe.{method}");

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.InternalServerError, "InternalServerError");
        Assert.That(body.ToJsonString(), Is.EqualTo("""{"error":"InternalServerError","message":"Internal Server Error"}"""));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
    }

    // Pitfall D 61: what is not there is 400, too.
    [TestCase("Invalid", 400)]
    [TestCase("Unauthenticated", 401)]
    [TestCase("Forbidden", 403)]
    [TestCase("TooLarge", 413)]
    [TestCase("UnsupportedMediaType", 415)]
    [TestCase("RateLimited", 429)]
    [TestCase("UpstreamFailed", 502)]
    [TestCase("Unavailable", 503)]
    [TestCase("UpstreamTimeout", 504)]
    public async Task Refusal_OfAKind_HasItsStatus(string kind, int status)
    {
        HttpResponseMessage response = await GetRawAsync($"/xrpc/com.example.probe.refuse?kind={kind}");

        await response.ShouldBeXrpcErrorAsync((HttpStatusCode)status, "ProbeRefused");
        Assert.That(response.Headers.WwwAuthenticate, status == 401 ? Is.Not.Empty : Is.Empty);
    }
}
