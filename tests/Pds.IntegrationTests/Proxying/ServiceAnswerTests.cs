using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Pds.IntegrationTests.Proxying;

/// <summary>What clients see of an answer.</summary>
internal sealed class ServiceAnswerTests : ProxyTest
{
    private const string Method = "app.bsky.feed.searchPosts";

    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["PDS_PROXY_MAX_RESPONSE_SIZE"] = "300000",
        ["PDS_PROXY_HEADERS_TIMEOUT"] = "1000",
        ["PDS_PROXY_BODY_TIMEOUT"] = "1000",
    };

    // Pitfall D 73.
    [Test]
    public async Task Headers_Always_PassOnlyWhenTheyAreOnTheList()
    {
        AppView.Answer(Method, "{}", 200,
            ("Content-Language", "de"), ("Atproto-Repo-Rev", "3jzfcijpj2z2a"), ("Atproto-Content-Labelers", "did:web:l.example.com"), ("Retry-After", "3"),
            ("Set-Cookie", "a=b"), ("Access-Control-Allow-Origin", "https://evil.example.com"), ("RateLimit-Limit", "5"), ("X-Powered-By", "x"), ("ETag", "\"x\""));

        HttpResponseMessage response = await Alice.GetAsync(Method);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Headers.Concat(response.Content.Headers).Select(header => header.Key.ToLowerInvariant()).Except(["date", "access-control-allow-origin", "cache-control", "vary"]),
                Is.EquivalentTo(new[] { "content-language", "content-length", "content-type", "atproto-repo-rev", "atproto-content-labelers", "retry-after" }));
            Assert.That(HeaderOf(response, "Access-Control-Allow-Origin"), Is.EqualTo("*"));
            Assert.That(HeaderOf(response, "Content-Type"), Is.EqualTo("application/json; charset=utf-8"));
        }
    }

    // Pitfall D 75.
    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("zstd")]
    public async Task Body_WhenItIsCompressed_PassesAsItIs(string coding)
    {
        byte[] body = new byte[250_000];
        Random.Shared.NextBytes(body);
        AppView.Answers[Method] = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = coding;
            await context.Response.Body.WriteAsync(body);
        };

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null, ("Accept-Encoding", coding));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(AppView.TakeSeen().Single().Headers["accept-encoding"], Is.EqualTo(coding));
            Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { coding }));
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(body));
        }
    }

    // Pitfall D 74.
    [Test]
    public async Task Redirect_Always_IsPassedOnAndNotFollowed()
    {
        AppView.Answers[Method] = context =>
        {
            context.Response.Redirect("/xrpc/app.bsky.other");
            return Task.CompletedTask;
        };

        HttpResponseMessage response = await Alice.GetAsync(Method);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(response.Headers.Location, Is.Null);
        Assert.That(AppView.TakeSeen(), Has.Count.EqualTo(1));
    }

    [TestCase(500, """{"error":"Oops","message":"it broke"}""", HttpStatusCode.BadGateway, "Oops", "it broke")]
    [TestCase(500, "no json", HttpStatusCode.BadGateway, "UpstreamFailure", null)]
    [TestCase(400, """{"error":"BadThing","message":"no","secret":1}""", HttpStatusCode.BadRequest, "BadThing", "no")]
    [TestCase(400, "<html>", HttpStatusCode.BadRequest, "InvalidRequest", null)]
    [TestCase(401, """{"error":"BadJwt","message":"no"}""", HttpStatusCode.Unauthorized, "BadJwt", "no")]
    [TestCase(404, "", HttpStatusCode.NotFound, "XRPCNotSupported", null)]
    [TestCase(429, """{"message":"slow down"}""", HttpStatusCode.TooManyRequests, "RateLimitExceeded", "slow down")]
    [TestCase(501, "[]", HttpStatusCode.NotImplemented, "MethodNotImplemented", null)]
    [TestCase(503, """{"error":7}""", HttpStatusCode.ServiceUnavailable, "NotEnoughResources", null)]
    public async Task Refusal_Always_PassesItsNameAndMessageOnly(int status, string body, HttpStatusCode expected, string error, string? message)
    {
        AppView.Answer(Method, body, status, ("Retry-After", "7"), ("Atproto-Repo-Rev", "3jzfcijpj2z2a"), ("Content-Language", "de"));

        HttpResponseMessage response = await Alice.GetAsync(Method);

        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(expected));
            Assert.That(answer["error"]!.GetValue<string>(), Is.EqualTo(error));
            Assert.That(answer["message"]?.GetValue<string>(), Is.EqualTo(message));
            Assert.That(answer["secret"], Is.Null);
            Assert.That((HeaderOf(response, "Retry-After"), HeaderOf(response, "Atproto-Repo-Rev"), HeaderOf(response, "Content-Language")), Is.EqualTo(("7", "3jzfcijpj2z2a", (string?)null)));
        }
    }

    [Test]
    public async Task Refusal_WhenItIsCompressed_IsRead()
    {
        AppView.Answers[Method] = async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.Headers.ContentEncoding = "gzip";
            await using GZipStream gzip = new(context.Response.Body, CompressionMode.Compress);
            await gzip.WriteAsync("""{"error":"Packed"}"""u8.ToArray());
        };

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null, ("Accept-Encoding", "gzip"));

        Assert.That(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!.GetValue<string>(), Is.EqualTo("Packed"));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
    }

    [Test]
    public async Task Service_WhenItIsUnreachable_AnswersUpstreamFailure()
    {
        StubAppView other = await StubAppView.StartAsync();
        string target = $"{other.Did}#bsky_appview";
        other.Pds = Pds;
        await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null, ("Atproto-Proxy", target));    // its document is in the cache now
        await other.DisposeAsync();

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null, ("Atproto-Proxy", target));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadGateway, "UpstreamFailure");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo("Upstream service unreachable"));
    }

    [Test]
    public async Task Service_WhenItDoesNotAnswer_AnswersUpstreamFailure()
    {
        AppView.Answers[Method] = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        await (await Alice.GetAsync(Method)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadGateway, "UpstreamFailure");
    }

    [Test]
    public async Task Service_WhenItBreaksOff_AnswersUpstreamFailure()
    {
        AppView.Answers[Method] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        await (await Alice.GetAsync(Method)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadGateway, "UpstreamFailure");
    }

    [Test]
    public async Task Body_WhenItStandsStill_BreaksTheAnswerOff()
    {
        AppView.Answers[Method] = async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        HttpResponseMessage response = await Alice.Http.GetAsync(new Uri($"/xrpc/{Method}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(async () => await response.Content.ReadAsByteArrayAsync(), Throws.InstanceOf<HttpRequestException>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Body_WhenItIsTooLarge_IsNotPassedOn(bool announced)
    {
        byte[] body = new byte[300_001];
        AppView.Answers[Method] = async context =>
        {
            context.Response.ContentLength = announced ? body.Length : null;
            await context.Response.Body.WriteAsync(body);
        };

        if (announced)
        {
            await (await Alice.GetAsync(Method)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadGateway, "UpstreamFailure");
        }
        else
        {
            Assert.That(async () => await Alice.GetAsync(Method), Throws.InstanceOf<HttpRequestException>());
        }
    }
}
