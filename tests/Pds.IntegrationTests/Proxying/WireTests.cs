using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pds.IntegrationTests.Proxying;

/// <summary>What of a forwarded exchange must not pass as it is, and what must.</summary>
internal sealed class WireTests : ProxyTest
{
    private const string Method = "app.bsky.feed.searchPosts";

    [Test]
    public async Task Header_OfAServiceThatIsNotAscii_AnswersUpstreamFailure()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task served = ServeOnceAsync(listener, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Language: d\u00e9\r\nContent-Length: 2\r\n\r\n{}");
        await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?>
        {
            ["PDS_BSKY_APP_VIEW_URL"] = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}",
            ["PDS_BSKY_APP_VIEW_DID"] = "did:web:appview.test",
        });
        using AccountClient bob = await pds.CreateAccountAsync();

        HttpResponseMessage response = await bob.GetAsync(Method);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadGateway, "UpstreamFailure");
        await served;
    }

    [Test]
    public async Task Query_WithControlBytes_IsEscaped()
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Pds.Origin.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET /xrpc/{Method}?q=a\u0001b%0Ac\u007f&x=%41 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {Alice.AccessJwt}\r\n\r\n"));
        using StreamReader reader = new(stream);

        string answer = await reader.ReadToEndAsync();

        Assert.That(answer, Does.StartWith("HTTP/1.1 200"));
        Assert.That(AppView.TakeSeen().Single().Target, Is.EqualTo($"/xrpc/{Method}?q=a%01b%0Ac%7F&x=%41"));
    }

    [TestCase("application/json")]
    [TestCase("text/weird")]
    public async Task ContentType_OfAPostWithoutABody_ReachesTheService(string type)
    {
        using ByteArrayContent empty = new([]);
        empty.Headers.TryAddWithoutValidation("Content-Type", type);

        await SendAsync(HttpMethod.Post, $"/xrpc/{Method}", empty);

        Assert.That(AppView.TakeSeen().Single().Headers["content-type"], Is.EqualTo(type));
    }

    [Test]
    public async Task Query_WithABody_IsRefused()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", new StringContent("{}"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [TestCase("gzip,")]
    [TestCase("gzip;q=2")]
    [TestCase("gzip;level=1")]
    public async Task AcceptEncoding_ThatIsMalformed_IsRefusedWhereAnswersAreCompleted(string accepted)
    {
        HttpResponseMessage completed = await SendAsync(HttpMethod.Get, "/xrpc/app.bsky.feed.getTimeline", null, ("Accept-Encoding", accepted));
        HttpResponseMessage passed = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null, ("Accept-Encoding", accepted));

        await completed.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(passed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Answer_OfAServiceThatDoesNotCompress_IsCompressedHere()
    {
        string json = $$"""{"text":"{{new string('x', 5000)}}"}""";
        AppView.Answer(Method, json);
        AppView.Answer("app.bsky.feed.getTimeline", json);

        HttpResponseMessage passed = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null, ("Accept-Encoding", "gzip"));
        HttpResponseMessage completed = await SendAsync(HttpMethod.Get, "/xrpc/app.bsky.feed.getTimeline", null, ("Accept-Encoding", "gzip"));

        Assert.That(new[] { HeaderOf(passed, "Content-Encoding"), HeaderOf(completed, "Content-Encoding") }, Is.All.EqualTo("gzip"));
        Assert.That(new[] { HeaderOf(passed, "Vary"), HeaderOf(completed, "Vary") }, Is.All.Contains("Accept-Encoding"));
    }

    private static async Task ServeOnceAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        await using NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[4096];
        _ = await stream.ReadAsync(buffer);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
    }
}
