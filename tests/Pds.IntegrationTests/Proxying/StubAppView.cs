using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pds.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.IntegrationTests.Proxying;

/// <summary>Another service in this process. It checks every token by the DID document of the issuer, as a real one would.</summary>
internal sealed class StubAppView : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();
    private readonly Verifier _verifier = new();

    private StubAppView(WebApplication application) => _application = application;

    public Uri Url => new(_application.Urls.Single());

    /// <summary>A did:web that really resolves: its document is served here.</summary>
    public string Did => $"did:web:localhost%3A{Url.Port}";

    /// <summary>Where issuers are looked up: set to the server under test.</summary>
    public PdsApplication? Pds { get; set; }

    /// <summary>What answers, by method; everything else gets an empty object.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>What came, oldest first, since the last call.</summary>
    public IReadOnlyList<SeenRequest> TakeSeen()
    {
        List<SeenRequest> seen = [];
        while (_seen.TryDequeue(out SeenRequest? request))
        {
            seen.Add(request);
        }

        return seen;
    }

    public static async Task<StubAppView> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        var stub = new StubAppView(application);
        application.MapGet("/.well-known/did.json", () => Results.Content(stub.DidDocument(), "application/json"));
        application.Map("/xrpc/{method}", stub.AnswerAsync);
        await application.StartAsync();
        return stub;
    }

    /// <summary>Answers a method with JSON, and headers if wanted.</summary>
    public void Answer(string method, string json, int status = 200, params (string Name, string Value)[] headers) => Answers[method] = async context =>
    {
        context.Response.StatusCode = status;
        foreach ((string name, string value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        byte[] body = Encoding.UTF8.GetBytes(json);
        context.Response.ContentType ??= "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    };

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private string DidDocument() => new JsonObject
    {
        ["id"] = Did,
        ["service"] = new JsonArray(
            Service("#bsky_appview", "BskyAppView"),
            Service("#bsky_notif", "BskyNotificationService"),
            Service("#bsky_chat", "BskyChatService"),
            new JsonObject { ["id"] = "#broken", ["type"] = "Broken", ["serviceEndpoint"] = "nowhere" }),
    }.ToJsonString();

    private JsonObject Service(string id, string type) => new() { ["id"] = id, ["type"] = type, ["serviceEndpoint"] = $"http://localhost:{Url.Port}" };

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string method = (string)context.GetRouteValue("method")!;
        ServiceToken? token = context.Request.Headers.Authorization.Count == 0 ? null : await VerifyAsync(context.Request.Headers.Authorization.ToString());
        _seen.Enqueue(new SeenRequest(
            context.Request.Method,
            method,
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal),
            body.ToArray(),
            token));
        if (Answers.TryGetValue(method, out Func<HttpContext, Task>? answer))
        {
            await answer(context);
        }
        else
        {
            await context.Response.WriteAsJsonAsync(new { });
        }
    }

    private async Task<ServiceToken> VerifyAsync(string header)
    {
        string[] parts = header["Bearer ".Length..].Split('.');
        JsonNode head = JsonNode.Parse(Decode(parts[0]))!;
        JsonNode payload = JsonNode.Parse(Decode(parts[1]))!;
        string issuer = payload["iss"]!.GetValue<string>();
        byte[] document = await Pds!.Http.GetByteArrayAsync(new Uri($"/plc/{issuer}", UriKind.Relative));
        PublicKey key = KeyOf(issuer, document);
        bool good = head["alg"]!.GetValue<string>() == key.JwtAlgorithm && _verifier.VerifyMalleable(key, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]));
        Assert.That(good, Is.True, "The token must be signed by the key in the issuer's DID document.");
        return new ServiceToken(
            issuer,
            payload["aud"]!.GetValue<string>(),
            payload["lxm"]!.GetValue<string>(),
            payload["exp"]!.GetValue<long>() - payload["iat"]!.GetValue<long>(),
            payload["jti"]!.GetValue<string>());
    }

    private static PublicKey KeyOf(string did, byte[] json) => Domain.Identity.DidDocument.Parse(Domain.Identifiers.Did.Parse(did), json).SigningKey!;

    private static byte[] Decode(string part) => System.Buffers.Text.Base64Url.DecodeFromChars(part);
}

/// <summary>A request as it reached the service.</summary>
internal sealed record SeenRequest(string Verb, string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, ServiceToken? Token);

/// <summary>The claims of a token whose signature was good.</summary>
internal sealed record ServiceToken(string Issuer, string Audience, string Method, long Lifetime, string Id);
