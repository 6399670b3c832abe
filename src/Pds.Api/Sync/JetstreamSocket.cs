using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Pds.Application.Sync;
using Pds.Domain.Errors;

namespace Pds.Api.Sync;

/// <summary>One subscriber of the JSON stream. It may change what it wants to hear at any time.</summary>
internal sealed class JetstreamSocket : SubscriberSocket
{
    /// <summary>Room for all DIDs that a subscriber may name.</summary>
    private const int MaxUpdateBytes = 1024 * 1024;

    private const int BytesPerWishByte = 4;

    private readonly JetstreamFeed _feed;
    private readonly TaskCompletionSource _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SubscriberMemory.KeptShare _wishes;
    private ArrayBufferWriter<byte> _update = new();
    private int _appliedBytes;
    private JetstreamFilter _filter;
    private JetstreamClock _clock;

    /// <summary>Prepares to serve a subscriber.</summary>
    /// <param name="line">Socket and events.</param>
    /// <param name="feed">Makes messages of events.</param>
    /// <param name="filter">What the subscriber wants, as it said in its request.</param>
    /// <param name="waitsForHello">Whether it wants to say so again before anything is sent.</param>
    public JetstreamSocket(SubscriberLine line, JetstreamFeed feed, JetstreamFilter filter, bool waitsForHello)
        : base(line, "jetstream")
    {
        _feed = feed;
        _filter = filter;
        _wishes = line.Memory.Keep(line.Network);
        if (!waitsForHello)
        {
            _hello.SetResult();
        }
    }

    protected override int ReceiveBytes => 4096;

    protected override int BytesPerFrameByte => 8;

    public override ValueTask DisposeAsync()
    {
        _wishes.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>Sends messages until the subscriber leaves, is refused, or the server stops.</summary>
    /// <param name="start">Finds where to start.</param>
    /// <param name="stopping">The server stops.</param>
    public Task ServeAsync(Func<CancellationToken, Task<JetstreamStart>> start, CancellationToken stopping) => ServeAsync(
        async leaving =>
        {
            await _hello.Task.WaitAsync(leaving);
            JetstreamStart begin = await start(leaving);
            await FollowAsync(begin.After, frame => SendAsync(frame, begin, leaving), leaving);
        },
        stopping);

    protected override void Receive(ReadOnlySpan<byte> part, WebSocketMessageType type, bool isEnd)
    {
        if (type != WebSocketMessageType.Text)
        {
            return;
        }

        if (_update.WrittenCount + part.Length > MaxUpdateBytes)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "The message is too long");
        }

        // What it wants is kept for as long as it stays, as names in a set.
        if (!_wishes.TryReserve((long)(_appliedBytes + _update.WrittenCount + part.Length) * BytesPerWishByte))
        {
            throw new XrpcException(RequestErrors.NotEnoughResources, "The server has no room for the message now");
        }

        _update.Write(part);
        if (isEnd)
        {
            Apply(_update.WrittenSpan);
            _appliedBytes = _update.WrittenCount;
            _update = new ArrayBufferWriter<byte>();
        }
    }

    private async ValueTask<bool> SendAsync(SequencedFrame frame, JetstreamStart start, CancellationToken leaving)
    {
        IReadOnlyList<JetstreamMessage> messages = _feed.Read(frame, ref _clock);
        if (frame.Seq <= start.SendAfter)
        {
            return false;
        }

        bool stalled = false;
        JetstreamFilter filter = Volatile.Read(ref _filter);
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i].TimeUs >= start.SendFrom && filter.Wants(messages[i]))
            {
                stalled |= await SendAsync(messages[i].Json, WebSocketMessageType.Text);
                leaving.ThrowIfCancellationRequested();
            }
        }

        return stalled;
    }

    private void Apply(ReadOnlySpan<byte> json)
    {
        Message? message;
        try
        {
            message = JsonSerializer.Deserialize<Message>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "The message is not understood");
        }

        // Kinds of messages that came later than this server are none of its business.
        if (message is { Type: "options_update" })
        {
            Options options = message.Payload ?? new Options();
            Volatile.Write(ref _filter, JetstreamFilter.Create(options.WantedCollections ?? [], options.WantedDids ?? [], options.MaxMessageSizeBytes));
            _hello.TrySetResult();
        }
    }

    private sealed record Message(string? Type, Options? Payload);

    private sealed record Options
    {
        public IReadOnlyList<string?>? WantedCollections { get; init; }

        public IReadOnlyList<string?>? WantedDids { get; init; }

        public long MaxMessageSizeBytes { get; init; }
    }
}
