using System.Net.WebSockets;
using Pds.Application.Sync;
using Pds.Domain.Errors;
using Pds.Domain.Sync;

namespace Pds.Api.Sync;

/// <summary>One subscriber of the firehose. Frames are sent as they lie in the log.</summary>
/// <param name="line">Socket and events.</param>
internal sealed class SubscribeReposSocket(SubscriberLine line) : SubscriberSocket(line, "firehose")
{
    /// <summary>Sends events until the subscriber leaves, is refused, or the server stops.</summary>
    /// <param name="start">Finds where to start; refusals become error frames.</param>
    /// <param name="stopping">The server stops.</param>
    public Task ServeAsync(Func<CancellationToken, Task<SubscriptionStart>> start, CancellationToken stopping) =>
        ServeAsync(async leaving => await SendEventsAsync(await start(leaving), leaving), stopping);

    protected override async ValueTask ExplainAsync(XrpcException refusal) =>
        await SendAsync(EventFrame.Error(refusal.Error.Name, refusal.Message), WebSocketMessageType.Binary);

    private async Task SendEventsAsync(SubscriptionStart start, CancellationToken leaving)
    {
        if (start.IsOutdated)
        {
            await SendAsync(EventFrame.Info("OutdatedCursor", "Requested cursor exceeded limit. Possibly missing events"), WebSocketMessageType.Binary);
        }

        await FollowAsync(start.After, frame => SendAsync(frame.Frame, WebSocketMessageType.Binary), leaving);
    }
}
