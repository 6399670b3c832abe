using System.Globalization;
using System.Net.WebSockets;
using MediatR;
using Microsoft.Extensions.Primitives;
using Pds.Application.DependencyInjection;
using Pds.Application.Sync;
using Pds.Domain.Errors;
using Pds.Domain.Sync;

namespace Pds.Api.Sync;

/// <summary>The firehose: <c>com.atproto.sync.subscribeRepos</c>.</summary>
public static class SubscribeReposEndpoint
{
    private const string Path = "/xrpc/com.atproto.sync.subscribeRepos";

    /// <summary>The range of integers of the data model.</summary>
    private const long MaxInteger = 9_007_199_254_740_991;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    /// <summary>Two pings may go without an answer.</summary>
    private static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Maps the firehose. It brings its own WebSocket middleware, so the host need not have any.</summary>
    /// <param name="endpoints">Where to.</param>
    public static IEndpointConventionBuilder MapSubscribeRepos(this IEndpointRouteBuilder endpoints)
    {
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = PingInterval, KeepAliveTimeout = PongTimeout });
        pipeline.Run(HandleAsync);
        return endpoints.Map(Path, pipeline.Build());
    }

    private static async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context);
            return;
        }

        IServiceProvider services = context.RequestServices;
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using var subscriber = new SubscribeReposSocket(
            socket,
            services.GetRequiredService<IEventLog>(),
            services.GetRequiredService<PdsOptions>().MaxSubscriptionBuffer,
            services.GetRequiredService<TimeProvider>());
        IMediator mediator = services.GetRequiredService<IMediator>();
        await subscriber.ServeAsync(
            cancellationToken => mediator.Send(new SubscribeReposQuery(ParseCursor(context.Request.Query["cursor"])), cancellationToken),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }

    /// <summary>As for every query: no value is an absent one, and a repeated one is a mistake.</summary>
    private static long? ParseCursor(StringValues values)
    {
        if (StringValues.IsNullOrEmpty(values))
        {
            return null;
        }

        return values.Count == 1
            && long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long cursor)
            && values[0]![0] != '+'
            && cursor is >= -MaxInteger and <= MaxInteger
            ? cursor
            : throw new XrpcException(RequestErrors.InvalidRequest, "cursor must be an integer");
    }

    private static Task RefuseAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = HttpMethods.Get;
            return WriteErrorAsync(response, RequestErrors.InvalidRequest, $"Incorrect HTTP method ({request.Method}) expected GET");
        }

        response.StatusCode = StatusCodes.Status426UpgradeRequired;
        response.Headers.Upgrade = "websocket";
        response.Headers.Connection = "Upgrade";
        return WriteErrorAsync(response, SyncErrors.UpgradeRequired, "Subscribe with a WebSocket");
    }

    private static Task WriteErrorAsync(HttpResponse response, XrpcError error, string message) =>
        response.WriteAsJsonAsync(new { error = error.Name, message }, options: null, "application/json");
}
