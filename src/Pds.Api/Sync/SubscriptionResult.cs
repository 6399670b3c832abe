using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.Domain.Errors;
using Pds.Domain.Sync;

namespace Pds.Api.Sync;

/// <summary>Turns a request into a subscription, for as long as the subscriber stays.</summary>
internal abstract class SubscriptionResult : IActionResult
{
    private const int RetrySeconds = 30;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    /// <summary>Two pings may go without an answer.</summary>
    private static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The last sequence number when the subscriber came: whatever follows on it happened while it was, as it knows, connected.</summary>
    protected long Head { get; private set; }

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

        Prepare(http.Request);
        IServiceProvider services = http.RequestServices;
        using IDisposable? pass = services.GetRequiredService<SubscriberGate>().TryEnter(http.Connection.RemoteIpAddress, out bool isFull);
        if (isFull)
        {
            throw new XrpcException(RequestErrors.NotEnoughResources, "Too many subscriptions");
        }

        if (pass is null)
        {
            http.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
            throw new XrpcException(RequestErrors.RateLimitExceeded, "Too many subscriptions from this address");
        }

        Head = services.GetRequiredService<IEventLog>().LastSeq;
        var accept = new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PongTimeout };
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync(accept);
        var line = new SubscriberLine(
            socket,
            (http.Features.Get<IHttpUpgradeFeature>() as HeldUpgrade)?.Stream,
            services.GetRequiredService<IEventLog>(),
            services.GetRequiredService<FirehoseSettings>().MaxSubscriptionBuffer,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<SubscriberMeter>(),
            services.GetRequiredService<SubscriberMemory>(),
            services.GetRequiredService<ClientNetworks>().Find(http.Connection.RemoteIpAddress));
        await ServeAsync(line, http, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    }

    /// <summary>Looks at the request while it can still be answered with an error.</summary>
    /// <exception cref="XrpcException">The request is refused.</exception>
    protected virtual void Prepare(HttpRequest request)
    {
    }

    /// <summary>Serves the subscriber until it leaves, is refused, or the server stops.</summary>
    protected abstract Task ServeAsync(SubscriberLine line, HttpContext http, CancellationToken stopping);
}

/// <summary>What every subscriber needs.</summary>
/// <param name="Socket">An open socket; stays the caller's.</param>
/// <param name="Stream">What is under the socket, if messages can be kept back there.</param>
/// <param name="Log">The events.</param>
/// <param name="MaxWaiting">How many events a live subscriber may leave waiting.</param>
/// <param name="Time">Measures what takes too long.</param>
/// <param name="Meter">Counts.</param>
/// <param name="Memory">Bounds what all subscribers hold.</param>
/// <param name="Network">Where it comes from, by <see cref="ClientNetworks"/>.</param>
internal sealed record SubscriberLine(
    WebSocket Socket, HeldStream? Stream, IEventLog Log, int MaxWaiting, TimeProvider Time, SubscriberMeter Meter, SubscriberMemory Memory, UInt128 Network);
