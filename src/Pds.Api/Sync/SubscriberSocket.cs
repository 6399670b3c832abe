using System.Diagnostics;
using System.Net.WebSockets;
using Pds.Application.Sync;
using Pds.Domain.Errors;
using Pds.Domain.Sync;

namespace Pds.Api.Sync;

/// <summary>
/// One subscriber: a loop that reads the next page of the log and sends it. Catching up and listening live are the same
/// loop, so there is no hand-over between them. Nothing is queued per subscriber.
/// </summary>
internal abstract class SubscriberSocket : IAsyncDisposable
{
    /// <summary>A message that the peer has not taken by then never gets through.</summary>
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly SubscriberLine _line;
    private readonly ITimer _sendLimit;
    private readonly SubscriberMemory.Share _memory;
    private readonly TagList _stream;
    private XrpcException? _refusal;
    private int _isCutOff;

    /// <summary>Prepares to serve a subscriber.</summary>
    /// <param name="line">Socket and events.</param>
    /// <param name="stream">Which stream, for measurements.</param>
    protected SubscriberSocket(SubscriberLine line, string stream)
    {
        _line = line;
        _stream = new TagList { { "pds.stream", stream } };
        _sendLimit = line.Time.CreateTimer(
            static state => ((WebSocket)state!).Abort(), line.Socket, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _memory = line.Memory.Join(CutOff);
        line.Meter.Count(1, _stream);
    }

    /// <summary>How many bytes are in memory for each byte of a frame that is sent: the frame, what is made of it, and the copy that the socket sends.</summary>
    protected virtual int BytesPerFrameByte => 3;

    /// <summary>How many bytes are taken off the socket at a time.</summary>
    protected virtual int ReceiveBytes => 256;

    private WebSocket Socket => _line.Socket;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        _line.Meter.Count(-1, _stream);
        _memory.Dispose();
        return _sendLimit.DisposeAsync();
    }

    /// <summary>Sends until the subscriber leaves, is refused, or the server stops.</summary>
    /// <param name="send">Sends everything; ends only by an exception.</param>
    /// <param name="stopping">The server stops.</param>
    protected async Task ServeAsync(Func<CancellationToken, Task> send, CancellationToken stopping)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await using CancellationTokenRegistration hurry = leaving.Token.Register(() => _sendLimit.Change(CloseLimit, Timeout.InfiniteTimeSpan));
        Task listening = ListenAsync(leaving);
        try
        {
            await send(leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            await (_refusal is { } refusal
                ? RefuseAsync(refusal)
                : CloseAsync(stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure, null));
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
            Socket.Abort();
            throw;
        }
        finally
        {
            await EndAsync(listening);
        }
    }

    /// <summary>Gives all events after a place to somebody who sends them, and then those that come.</summary>
    /// <param name="after">Exclusive.</param>
    /// <param name="send">Tells whether the peer made it wait.</param>
    /// <param name="leaving">The subscription ends.</param>
    /// <exception cref="XrpcException">ConsumerTooSlow.</exception>
    protected async Task FollowAsync(long after, Func<SequencedFrame, ValueTask<bool>> send, CancellationToken leaving)
    {
        IEventLog log = _line.Log;
        var lag = new SubscriberLag(_line.MaxWaiting);
        long sent = after;
        while (true)
        {
            leaving.ThrowIfCancellationRequested();
            long head = log.LastSeq;
            IReadOnlyList<SequencedFrame> page = await ReadPageAsync(sent, leaving);
            if (page.Count == 0)
            {
                sent = Math.Max(sent, head);    // what was sequenced until then has been erased since
                lag.CatchUp();
                _memory.TryReserve(0);
                await log.WaitAsync(sent, leaving);
                continue;
            }

            HeldStream? held = page.Count > 1 ? _line.Stream : null;
            held?.Hold();
            try
            {
                for (int i = 0; i < page.Count; i++)
                {
                    head = log.LastSeq;
                    if (await send(page[i]))
                    {
                        lag.Stall(log.LastSeq - head);
                    }

                    sent = page[i].Seq;
                    leaving.ThrowIfCancellationRequested();
                    if (lag.IsTooMuch(log.LastSeq - sent))
                    {
                        _line.Meter.Dropped(_stream);
                        throw new XrpcException(SyncErrors.ConsumerTooSlow, "Stream consumer too slow");
                    }
                }
            }
            finally
            {
                head = log.LastSeq;
                if (held is not null && await ReleaseAsync(held))
                {
                    lag.Stall(log.LastSeq - head);
                }
            }

            if (log.LastSeq > sent)
            {
                await Task.Yield();     // subscribers are woken one after the other; who has more to do must not keep the rest waiting
            }
        }
    }

    private async ValueTask<IReadOnlyList<SequencedFrame>> ReadPageAsync(long after, CancellationToken leaving)
    {
        for (int bytes = _line.Memory.PageBytes; ;)
        {
            await _memory.ReserveAsync((long)bytes * BytesPerFrameByte, leaving);
            EventPage page = await _line.Log.ReadAsync(after, bytes, leaving);
            if (page.NeededBytes == 0)
            {
                _memory.TryReserve(page.Frames.Sum(frame => (long)frame.Frame.Length) * BytesPerFrameByte);
                return page.Frames;
            }

            bytes = page.NeededBytes;
        }
    }

    // Its peer does not read, so there is nobody to tell.
    private void CutOff()
    {
        if (Interlocked.Exchange(ref _isCutOff, 1) == 0)
        {
            _line.Meter.Dropped(_stream);
            Socket.Abort();
        }
    }

    /// <summary>Sends one message.</summary>
    /// <returns>Whether the peer made us wait.</returns>
    protected ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        // Without a token the send takes the socket's path that allocates nothing; the timer stands in for it.
        ValueTask sending = Socket.SendAsync(message, type, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
        _line.Meter.Sent(message.Length, _stream);
        return WatchAsync(sending);
    }

    /// <summary>Takes what the subscriber says. What it says is not looked at unless a stream has use for it.</summary>
    /// <param name="part">All or some of a message.</param>
    /// <param name="type">Text or binary.</param>
    /// <param name="isEnd">Whether the message ends here.</param>
    /// <exception cref="XrpcException">The subscription ends by refusal.</exception>
    protected virtual void Receive(ReadOnlySpan<byte> part, WebSocketMessageType type, bool isEnd)
    {
    }

    /// <summary>Tells the subscriber why it is refused, ahead of the close.</summary>
    protected virtual ValueTask ExplainAsync(XrpcException refusal) => ValueTask.CompletedTask;

    private async ValueTask<bool> ReleaseAsync(HeldStream held)
    {
        try
        {
            return await WatchAsync(held.ReleaseAsync());
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, fault);
        }
    }

    private ValueTask<bool> WatchAsync(ValueTask sending)
    {
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
        _memory.SetStalled(true);
        try
        {
            await sending;
        }
        finally
        {
            _memory.SetStalled(false);
            _sendLimit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    /// <summary>Receives, because pings, pongs and closes are only seen while somebody does.</summary>
    private async Task ListenAsync(CancellationTokenSource leaving)
    {
        byte[] buffer = new byte[ReceiveBytes];
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await Socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                if (_refusal is null)
                {
                    await ReceiveAsync(buffer.AsMemory(0, received.Count), received, leaving);
                }
            }
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

    private async ValueTask ReceiveAsync(ReadOnlyMemory<byte> part, ValueWebSocketReceiveResult received, CancellationTokenSource leaving)
    {
        try
        {
            Receive(part.Span, received.MessageType, received.EndOfMessage);
        }
        catch (XrpcException refusal)
        {
            _refusal = refusal;
            await leaving.CancelAsync();
        }
    }

    private async Task RefuseAsync(XrpcException refusal)
    {
        try
        {
            await ExplainAsync(refusal);
            await CloseAsync(WebSocketCloseStatus.PolicyViolation, refusal.Error.Name);
        }
        catch (WebSocketException)
        {
            // Too late to be told.
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string? reason)
    {
        if (Socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using var limit = new CancellationTokenSource(CloseLimit, _line.Time);
        try
        {
            await Socket.CloseOutputAsync(status, reason, limit.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            Socket.Abort();
        }
    }

    /// <summary>Gives the peer a moment to close its side; after that nothing of the subscription is left running.</summary>
    private async Task EndAsync(Task listening)
    {
        if (await Task.WhenAny(listening, Task.Delay(CloseLimit, _line.Time)) != listening)
        {
            Socket.Abort();
        }

        await listening;
    }
}
