using System.Net.WebSockets;
using Pds.Application.Sync;
using Pds.Domain.Errors;
using Pds.Domain.Sync;

namespace Pds.Api.Sync;

/// <summary>
/// One subscriber of the firehose: a loop that reads the next page of the log and sends it. Catching up and listening live are the same
/// loop, so there is no hand-over between them. Frames are sent as they lie in the log and nothing is queued per subscriber.
/// </summary>
internal sealed class SubscribeReposSocket : IAsyncDisposable
{
    /// <summary>A frame that the peer has not taken by then never gets through.</summary>
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly IEventLog _log;
    private readonly TimeProvider _time;
    private readonly int _maxWaiting;
    private readonly ITimer _sendLimit;

    /// <summary>Prepares to serve a subscriber.</summary>
    /// <param name="socket">An open socket; stays the caller's.</param>
    /// <param name="log">The events.</param>
    /// <param name="maxWaiting">How many events a live subscriber may leave waiting.</param>
    /// <param name="time">Measures what takes too long.</param>
    public SubscribeReposSocket(WebSocket socket, IEventLog log, int maxWaiting, TimeProvider time)
    {
        _socket = socket;
        _log = log;
        _time = time;
        _maxWaiting = maxWaiting;
        _sendLimit = time.CreateTimer(
            static state => ((WebSocket)state!).Abort(), socket, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends events until the subscriber leaves, is refused, or the server stops.</summary>
    /// <param name="start">Finds where to start; refusals become error frames.</param>
    /// <param name="stopping">The server stops.</param>
    public async Task ServeAsync(Func<CancellationToken, Task<SubscriptionStart>> start, CancellationToken stopping)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using CancellationTokenRegistration hurry = leaving.Token.Register(() => _sendLimit.Change(CloseLimit, Timeout.InfiniteTimeSpan));
        Task listening = ListenAsync(leaving);
        try
        {
            await SendEventsAsync(await start(leaving.Token), leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            await CloseAsync(stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure, null);
        }
        catch (XrpcException refusal)
        {
            await RefuseAsync(refusal);
        }
        catch (WebSocketException)
        {
            // The peer is gone, or was given up; there is nobody to tell.
        }
        catch
        {
            _socket.Abort();
            throw;
        }
        finally
        {
            await EndAsync(listening);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sendLimit.DisposeAsync();

    private async Task SendEventsAsync(SubscriptionStart start, CancellationToken leaving)
    {
        if (start.IsOutdated)
        {
            await SendAsync(EventFrame.Info("OutdatedCursor", "Requested cursor exceeded limit. Possibly missing events"));
        }

        var lag = new SubscriberLag(_maxWaiting);
        long sent = start.After;
        while (true)
        {
            leaving.ThrowIfCancellationRequested();
            long head = _log.LastSeq;
            IReadOnlyList<SequencedFrame> page = await _log.ReadAsync(sent, leaving);
            if (page.Count == 0)
            {
                sent = Math.Max(sent, head);    // what was sequenced until then has been erased since
                lag.CatchUp();
                await _log.WaitAsync(sent, leaving);
                continue;
            }

            for (int i = 0; i < page.Count; i++)
            {
                head = _log.LastSeq;
                if (await SendAsync(page[i].Frame))
                {
                    lag.Stall(_log.LastSeq - head);
                }

                sent = page[i].Seq;
                leaving.ThrowIfCancellationRequested();
                if (lag.IsTooMuch(_log.LastSeq - sent))
                {
                    throw new XrpcException(SyncErrors.ConsumerTooSlow, "Stream consumer too slow");
                }
            }
        }
    }

    /// <summary>Sends one frame.</summary>
    /// <returns>Whether the peer made us wait.</returns>
    private ValueTask<bool> SendAsync(ReadOnlyMemory<byte> frame)
    {
        // Without a token the send takes the socket's path that allocates nothing; the timer stands in for it.
        ValueTask sending = _socket.SendAsync(frame, WebSocketMessageType.Binary, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
        if (!sending.IsCompletedSuccessfully)
        {
            return WaitAsync(sending);
        }

        sending.GetAwaiter().GetResult();
        return ValueTask.FromResult(false);
    }

    private async ValueTask<bool> WaitAsync(ValueTask sending)
    {
        _sendLimit.Change(SendLimit, Timeout.InfiniteTimeSpan);
        try
        {
            await sending;
        }
        finally
        {
            _sendLimit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    /// <summary>Receives, because pings, pongs and closes are only seen while somebody does. What the peer says is not looked at.</summary>
    private async Task ListenAsync(CancellationTokenSource leaving)
    {
        byte[] ignored = new byte[256];
        try
        {
            ValueWebSocketReceiveResult received;
            do
            {
                received = await _socket.ReceiveAsync(ignored.AsMemory(), CancellationToken.None);
            }
            while (received.MessageType != WebSocketMessageType.Close);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            // Gone without a word.
        }
        finally
        {
            await leaving.CancelAsync();
        }
    }

    private async Task RefuseAsync(XrpcException refusal)
    {
        try
        {
            await SendAsync(EventFrame.Error(refusal.Error.Name, refusal.Message));
            await CloseAsync(WebSocketCloseStatus.PolicyViolation, refusal.Error.Name);
        }
        catch (WebSocketException)
        {
            // Too late to be told.
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string? reason)
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using var limit = new CancellationTokenSource(CloseLimit, _time);
        try
        {
            await _socket.CloseOutputAsync(status, reason, limit.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            _socket.Abort();
        }
    }

    /// <summary>Gives the peer a moment to close its side; after that nothing of the subscription is left running.</summary>
    private async Task EndAsync(Task listening)
    {
        if (await Task.WhenAny(listening, Task.Delay(CloseLimit, _time)) != listening)
        {
            _socket.Abort();
        }

        await listening;
    }
}
