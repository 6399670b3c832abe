using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class InputTests : XrpcTest
{
    private const string Open = "/xrpc/com.example.probe.open";
    private const string Upload = "/xrpc/com.example.probe.upload";
    private const string Good = """{"handle":"alice.test","unknown":{"x":[1]}}""";

    // Pitfall D 65.
    [TestCase("application/json")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("Application/JSON")]
    public async Task Input_WhenItIsJson_IsRead(string contentType)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Json(Good, contentType));

        Assert.That((await response.ShouldBeJsonAsync()).ToJsonString(), Is.EqualTo("""{"handle":"alice.test"}"""));
    }

    [TestCase("{\"handle\":", "SyntaxError")]
    [TestCase("{\"handle\":\"alice.test\",}", "SyntaxError")]
    [TestCase("// no\n{\"handle\":\"alice.test\"}", "SyntaxError")]
    [TestCase("{\"handle\":\"alice.test\"} {}", "SyntaxError")]
    [TestCase("handle=alice.test", "SyntaxError")]
    [TestCase("[]", "InvalidRequest")]
    [TestCase("null", "InvalidRequest")]
    [TestCase("{}", "InvalidRequest")]
    [TestCase("{\"handle\":null}", "InvalidRequest")]
    [TestCase("{\"handle\":\"not a handle\"}", "InvalidRequest")]
    [TestCase("{\"handle\":\"alice.test\",\"unknown\":\"\\ud800\"}", "InvalidRequest")]
    [TestCase("{\"handle\":\"alice.test\",\"handle\":\"bob.test\"}", "InvalidRequest")]
    [TestCase("{\"handle\":\"alice.test\",\"count\":\"1\"}", "InvalidRequest")]
    [TestCase("{\"handle\":\"alice.test\",\"count\":1.5}", "InvalidRequest")]
    [TestCase("{\"handle\":\"alice.test\",\"count\":null}", "InvalidRequest")]
    [TestCase("{\"handle\":\"alice.test\",\"text\":null}", "InvalidRequest")]
    [TestCase("{\"handle\":\"alice.test\",\"did\":null}", "InvalidRequest")]
    public async Task Input_WhenItDoesNotFit_IsRefused(string json, string error)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Json(json));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [TestCase("{}", "Invalid com.example.probe.open input: Input must have the property \"handle\"")]
    [TestCase("{\"handle\":\"x y\"}", "Invalid com.example.probe.open input: handle must be a handle")]
    [TestCase("{\"handle\":\"alice.test\",\"text\":7}", "Invalid com.example.probe.open input: text is not of the expected type")]
    [TestCase("7", "Invalid com.example.probe.open input: Input must be an object")]
    public async Task Input_WhenItDoesNotFit_TheMessageIsOurs(string json, string message)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Json(json));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo(message));
    }

    [Test]
    public async Task Input_WhenThereIsNone_IsRefused()
    {
        string answer = await SendRawAsync("POST /xrpc/com.example.probe.open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Contain("A request body is expected but none was provided"));
    }

    [Test]
    public async Task Input_WithoutContentType_IsRefused()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Json(Good, contentType: null));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo("Request encoding (Content-Type) required but not provided"));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    public async Task Input_OfAnotherType_IsRefused(string contentType)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Json(Good, contentType));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo($"Wrong request encoding (Content-Type): {contentType}"));
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    [TestCase("gzip, br")]
    public async Task Input_WhenEncoded_IsDecoded(string encodings)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Encoded(Encoding.UTF8.GetBytes(Good), encodings));

        await response.ShouldBeJsonAsync();
    }

    [Test]
    public async Task Input_WhenTheEncodingIsUnknown_Answers415()
    {
        HttpContent content = Json(Good);
        content.Headers.ContentEncoding.Add("zstd");

        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, content);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");
    }

    // Pitfall M 207: each decoder takes memory and time of its own.
    [TestCase("gzip, br, gzip")]
    [TestCase("br, br, br")]
    public async Task Input_WithMoreThanTwoEncodings_Answers415(string encodings)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Encoded(Encoding.UTF8.GetBytes(Good), encodings));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType");
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    [TestCase("br, br")]
    [TestCase("gzip, br")]
    [TestCase("deflate, gzip")]
    public async Task Input_WhenTheEncodingIsALie_IsRefused(string encodings)
    {
        foreach (string path in new[] { Open, Upload })
        {
            HttpContent content = Json(Good);
            foreach (string encoding in encodings.Split(", "))
            {
                content.Headers.ContentEncoding.Add(encoding);
            }

            HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, content);

            await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        }
    }

    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public async Task Input_WhenEncodedAndSpoiled_IsRefused(string encoding)
    {
        byte[] good = await Encoded(Encoding.UTF8.GetBytes(Good), encoding).ReadAsByteArrayAsync();
        for (int position = 0; position < good.Length; position++)
        {
            byte[] spoiled = [.. good];
            spoiled[position] ^= 0x55;
            ByteArrayContent content = new(spoiled);
            content.Headers.ContentType = new("application/json");
            content.Headers.ContentEncoding.Add(encoding);

            HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, content);

            Assert.That((int)response.StatusCode, Is.LessThan(500), $"byte {position}");
        }
    }

    [TestCase("")]
    [TestCase("gzip")]
    public async Task Input_WhenDecodedItIsTooLarge_Answers413(string encodings)
    {
        byte[] large = Encoding.UTF8.GetBytes($$"""{"handle":"alice.test","text":"{{new string('x', 153_600)}}"}""");

        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, Encoded(large, encodings));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLargeError");
    }

    // A kilobyte of brotli stands for megabytes of empty blocks of deflate, which stand for nothing.
    [Test]
    public async Task Input_WhenItIsTooLargeBetweenTwoEncodings_Answers413()
    {
        byte[] codes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, .. Enumerable.Repeat<byte[]>([0, 0, 0, 0xFF, 0xFF], 100_000).SelectMany(block => block)];
        ByteArrayContent content = Encoded(codes, "br");
        content.Headers.ContentEncoding.Clear();
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentEncoding.Add("br");

        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Open, content);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLargeError");
    }

    [Test]
    public async Task Upload_WhenItIsTooLarge_AnswersPayloadTooLarge()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Upload, Json(new string('x', 1001), "image/png"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLarge");
    }

    [Test]
    public async Task Upload_OfAnyType_IsStreamed()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Upload, Json(new string('x', 1000), "image/png"));

        Assert.That((await response.ShouldBeJsonAsync()).ToJsonString(), Is.EqualTo("""{"total":1000,"type":"image/png"}"""));
    }

    [Test]
    public async Task Connection_AfterARefusedChunkedBody_IsUsableOrClosed()
    {
        string chunk = $"400\r\n{new string('x', 1024)}\r\n";
        string refused = $"POST {Upload} HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n";
        string next = "GET /xrpc/_health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        string answers = await SendRawAsync(refused + next);

        Assert.That(answers, Does.StartWith("HTTP/1.1 413").And.Contain("HTTP/1.1 200"));
    }

    // Pitfall D 66.
    [Test]
    public async Task BareProcedure_WhenThereIsNoContent_IsServed()
    {
        HttpResponseMessage without = await SendAsync(HttpMethod.Post, "/xrpc/com.example.probe.bare");
        HttpResponseMessage empty = await SendAsync(HttpMethod.Post, "/xrpc/com.example.probe.bare", Json(""));
        string chunked = await SendRawAsync(
            "POST /xrpc/com.example.probe.bare HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(without.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(without.Content.Headers.ContentType, Is.Null);
            Assert.That(await without.Content.ReadAsStringAsync(), Is.Empty);
            Assert.That(empty.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(chunked, Does.StartWith("HTTP/1.1 200"));
        }
    }

    [TestCase("POST", "com.example.probe.bare")]
    [TestCase("GET", "com.example.probe.query")]
    [TestCase("GET", "com.atproto.server.describeServer")]
    public async Task Method_WithoutInput_RefusesAChunkedBody(string verb, string method)
    {
        string answer = await SendRawAsync(
            $"{verb} /xrpc/{method} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");

        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Contain("A request body was provided when none was expected"));
    }

    [TestCase("com.example.probe.query")]
    [TestCase("com.atproto.server.describeServer")]
    public async Task Query_WithContent_IsRefused(string method)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{method}", Json("{}"));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo("A request body was provided when none was expected"));
    }

    [Test]
    public async Task BareProcedure_WhenThereIsContent_IsRefused()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/xrpc/com.example.probe.bare", Json("{}"));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo("A request body was provided when none was expected"));
    }

    private static ByteArrayContent Encoded(byte[] bytes, string encodings)
    {
        string[] names = encodings.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names)
        {
            using MemoryStream target = new();
            using (Stream encoder = name switch
            {
                "gzip" => new GZipStream(target, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(target, CompressionLevel.Fastest),
                _ => new BrotliStream(target, CompressionLevel.Fastest),
            })
            {
                encoder.Write(bytes);
            }

            bytes = target.ToArray();
        }

        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new("application/json");
        foreach (string name in names)
        {
            content.Headers.ContentEncoding.Add(name);
        }

        return content;
    }

    /// <summary>What HttpClient would not send.</summary>
    private async Task<string> SendRawAsync(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Pds.Origin.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using StreamReader reader = new(stream);
        return await reader.ReadToEndAsync();
    }
}
