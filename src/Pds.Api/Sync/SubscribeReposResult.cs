using System.Globalization;
using System.Net.WebSockets;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Pds.Api.Xrpc;
using Pds.Application.DependencyInjection;
using Pds.Application.Sync;
using Pds.Domain.Errors;
using Pds.Domain.Sync;

namespace Pds.Api.Sync;

/// <summary>Turns the request into a subscription of the firehose, for as long as the subscriber stays.</summary>
/// <param name="mediator">Finds out where the subscription starts.</param>
internal sealed class SubscribeReposResult(IMediator mediator) : IActionResult
{
    /// <summary>The range of integers of the data model.</summary>
    private const long MaxInteger = 9_007_199_254_740_991;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    /// <summary>Two pings may go without an answer.</summary>
    private static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(60);

    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpContext http = context.HttpContext;
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            var refusal = new XrpcErrorBody(SyncErrors.UpgradeRequired.Name, "Subscribe with a WebSocket");
            await XrpcResult.WriteAsync(http, refusal, StatusCodes.Status426UpgradeRequired);
            return;
        }

        IServiceProvider services = http.RequestServices;
        var accept = new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PongTimeout };
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(accept);
        using IDisposable counted = services.GetRequiredService<ICrawlNotifier>().CountSubscriber();
        await using var subscriber = new SubscribeReposSocket(
            socket,
            services.GetRequiredService<IEventLog>(),
            services.GetRequiredService<PdsOptions>().MaxSubscriptionBuffer,
            services.GetRequiredService<TimeProvider>());
        await subscriber.ServeAsync(
            cancellationToken => mediator.Send(new SubscribeReposQuery(ParseCursor(http.Request.Query["cursor"])), cancellationToken),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }

    /// <summary>As for every query, but a mistake is told by an error frame: no value is an absent one, and a repeated one is a mistake.</summary>
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
}
