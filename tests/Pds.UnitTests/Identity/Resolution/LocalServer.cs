using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pds.UnitTests.Identity.Resolution;

/// <summary>An HTTP server on 127.0.0.1 that answers as the test says, and remembers what it was asked.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LocalServer(WebApplication application) => _application = application;

    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Url => new(_application.Urls.Single().Replace("[::]", "127.0.0.1", StringComparison.Ordinal));

    public static async Task<LocalServer> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        var server = new LocalServer(application);
        application.Run(context =>
        {
            server.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
            return answer(context);
        });
        await application.StartAsync();
        return server;
    }

    public Uri At(string path) => new(Url, path);

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}

/// <summary>Answers requests of an HTTP client in memory.</summary>
internal sealed class ScriptedTransport(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public ConcurrentQueue<string> Requests { get; } = new();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request.RequestUri!.AbsoluteUri);
        return Task.FromResult(answer(request));
    }
}
