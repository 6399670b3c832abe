using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class RoutingTests : XrpcTest
{
    [TestCase("/xrpc/com.example.probe.query")]
    [TestCase("/xrpc/com.example.probe.query/")]
    [TestCase("/xrpc/Com.Example.Probe.Query")]
    [TestCase("/XRPC/com.example.probe.query")]
    public async Task Path_InAnyCaseAndWithASlash_IsFound(string path) =>
        Assert.That((await GetRawAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("GET", "com.example.probe.open", "Incorrect HTTP method (GET) expected POST")]
    [TestCase("PUT", "com.example.probe.open", "Incorrect HTTP method (PUT) expected POST")]
    [TestCase("POST", "com.example.probe.query", "Incorrect HTTP method (POST) expected GET")]
    [TestCase("DELETE", "Com.Example.probe.query", "Incorrect HTTP method (DELETE) expected GET")]
    [TestCase("GET", "app.bsky.feed.getTimeline", "No service configured for app.bsky.feed.getTimeline")]
    [TestCase("POST", "app.bsky.feed.getTimeline", "No service configured for app.bsky.feed.getTimeline")]
    [TestCase("PUT", "app.bsky.feed.getTimeline", "XRPC requests only supports GET and POST")]
    [TestCase("GET", "", "invalid xrpc path")]
    [TestCase("GET", "com..example", "invalid xrpc path")]
    [TestCase("GET", "-com.example", "invalid xrpc path")]
    [TestCase("GET", "com.example.", "invalid xrpc path")]
    [TestCase("GET", "com.example/x", "invalid xrpc path")]
    [TestCase("GET", "com.ex_ample.x", "invalid xrpc path")]
    public async Task Method_WhenItIsNotServed_AnswersInvalidRequest(string verb, string method, string message)
    {
        HttpResponseMessage response = await SendAsync(new HttpMethod(verb), $"/xrpc/{method}");

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo(message));
    }

    // Pitfall M 219.
    [TestCase("GET")]
    [TestCase("POST")]
    public async Task Path_WithoutAMethod_Answers404(string verb) =>
        Assert.That((await SendAsync(new HttpMethod(verb), "/xrpc")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

    // Before credentials are looked at, and whether there is such a method or not.
    [TestCase("com.example%2Efoo")]
    [TestCase("com.example.%66oo")]
    [TestCase("com.atproto.server%2EgetSession")]
    [TestCase("com.atproto.server.describeServe%72")]
    public async Task Path_WithEscapes_AnswersInvalidRequest(string method)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Pds.Origin.Port);
        await using System.Net.Sockets.NetworkStream stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /xrpc/{method}?x=%20 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using StreamReader reader = new(stream);

        string answer = await reader.ReadToEndAsync();

        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Contain("invalid xrpc path"));
    }

    [Test]
    public async Task Path_OfNobody_Answers404() => Assert.That((await GetRawAsync("/nothing/here")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

    // Pitfall D 69.
    [Test]
    public async Task Head_Always_HasTheHeadersOfGet()
    {
        HttpResponseMessage get = await GetRawAsync("/xrpc/com.example.probe.query");
        HttpResponseMessage head = await SendAsync(HttpMethod.Head, "/xrpc/com.example.probe.query");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(get.Content.Headers.ContentLength));
            Assert.That(head.Content.Headers.ContentType, Is.EqualTo(get.Content.Headers.ContentType));
            Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
        }
    }

    // Pitfalls C 59, D 70.
    [TestCase("/xrpc/com.example.probe.open")]
    [TestCase("/xrpc/com.example.unknown.method")]
    [TestCase("/.well-known/atproto-did")]
    public async Task Preflight_OfAnyPath_IsGranted(string path)
    {
        HttpRequestMessage request = new(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://app.example.com");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,atproto-proxy");

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(HeaderOf(response, "Access-Control-Allow-Origin"), Is.EqualTo("*"));
            Assert.That(HeaderOf(response, "Access-Control-Allow-Methods"), Is.EqualTo("GET,HEAD,PUT,PATCH,POST,DELETE"));
            Assert.That(HeaderOf(response, "Access-Control-Allow-Headers"), Is.EqualTo("authorization,atproto-proxy"));
            Assert.That(HeaderOf(response, "Access-Control-Max-Age"), Is.EqualTo("86400"));
        }
    }

    // Pitfalls C 59, D 70.
    [TestCase("/xrpc/com.example.probe.query")]
    [TestCase("/xrpc/com.example.probe.query?limit=x")]
    [TestCase("/xrpc/com.example.probe.fault")]
    [TestCase("/xrpc/com.example.unknown.method")]
    [TestCase("/xrpc/_health")]
    [TestCase("/")]
    public async Task Answer_Always_AllowsEveryOriginAndNamesNoServer(string path)
    {
        HttpResponseMessage response = await GetRawAsync(path);

        Assert.That(HeaderOf(response, "Access-Control-Allow-Origin"), Is.EqualTo("*"));
        Assert.That(response.Headers.Contains("Server"), Is.False);
    }

    private static string? HeaderOf(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : null;
}
