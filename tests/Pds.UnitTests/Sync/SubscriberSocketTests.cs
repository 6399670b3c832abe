using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using Pds.Api.Sync;
using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Sync;

/// <summary>A subscriber whose peer reads when it likes, by a clock that stands.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SubscriberSocketTests
{
    private readonly ManualTime _time = new();
    private readonly FakeLog _log = new();

    [Test]
    public async Task Send_WhenThePeerTakesNothingForAMinute_GivesUp()
    {
        using var socket = new FakeSocket();
        Task serving = ServeAsync(socket, maxWaiting: 500);
        socket.Block();
        _log.Publish(1);
        await socket.IsBlocked;

        _time.Advance(TimeSpan.FromSeconds(59));
        WebSocketState before = socket.State;
        _time.Advance(TimeSpan.FromSeconds(1));
        await serving;

        Assert.That(before, Is.EqualTo(WebSocketState.Open));
        Assert.That(socket.State, Is.EqualTo(WebSocketState.Aborted));
    }

    [Test]
    public async Task Follow_WhenThePeerDoesNotReadAndOthersNeedTheRoom_IsCutOff()
    {
        using var socket = new FakeSocket();
        SubscriberMemory memory = new(new FirehoseSettings(), new CapacitySettings(), _time);
        Task serving = ServeAsync(socket, maxWaiting: 500, memory: memory);
        socket.Block();
        _log.Publish(1);
        await socket.IsBlocked;
        using SubscriberMemory.Share another = memory.Join(() => { });

        _time.Advance(TimeSpan.FromSeconds(2));
        Task reserving = another.ReserveAsync(new FirehoseSettings().MaxSubscriberBytes, default).AsTask();
        WebSocketState state = socket.State;
        socket.Abort();
        await serving;
        await reserving;

        Assert.That(state, Is.EqualTo(WebSocketState.Aborted));
    }

    [Test]
    public async Task Follow_WhenTheLivePeerStopsReadingWhileEventsComeInBursts_IsTooSlow()
    {
        using var socket = new FakeSocket();
        Task serving = ServeAsync(socket, maxWaiting: 20);
        _log.Publish(100);    // at once, to an idle socket: does not count
        await socket.WaitForSentAsync(100);
        socket.Block();
        _log.Publish(15);
        await socket.IsBlocked;
        _log.Publish(15);
        _log.Publish(15);

        socket.Unblock();
        await serving;

        Assert.That(socket.CloseStatusDescription, Is.EqualTo("ConsumerTooSlow"));
        Assert.That(socket.Sent, Is.LessThan(145));
    }

    [Test]
    public async Task Follow_WhenABurstFindsThePeerReading_HearsAll()
    {
        using var socket = new FakeSocket();
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync(socket, maxWaiting: 20, stopping: stop.Token);
        _log.Publish(100);
        await socket.WaitForSentAsync(100);
        _log.Publish(100);
        await socket.WaitForSentAsync(200);

        await stop.CancelAsync();
        await serving;

        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
    }

    private async Task ServeAsync(FakeSocket socket, int maxWaiting, SubscriberMemory? memory = null, CancellationToken stopping = default)
    {
        var line = new SubscriberLine(
            socket, Stream: null, _log, maxWaiting, _time, new SubscriberMeter(new Meters()), memory ?? new SubscriberMemory(new FirehoseSettings(), new CapacitySettings(), _time), Network: 0);
        await using var subscriber = new SubscribeReposSocket(line);
        await subscriber.ServeAsync(_ => Task.FromResult(new SubscriptionStart(0, IsOutdated: false)), stopping);
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }

    private sealed class FakeLog : IEventLog
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _last;

        public long LastSeq => Volatile.Read(ref _last);

        public void Publish(int count)
        {
            TaskCompletionSource more;
            lock (_lock)
            {
                _last += count;
                (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            more.SetResult();
        }

        public ValueTask<EventPage> ReadAsync(long after, int maxBytes, CancellationToken cancellationToken) =>
            new(new EventPage([.. Enumerable.Range(1, (int)(LastSeq - after)).Select(i => new SequencedFrame(after + i, new byte[10]))]));

        public ValueTask<long> FindFirstSinceAsync(DateTimeOffset time, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask WaitAsync(long after, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                return _last > after ? ValueTask.CompletedTask : new(_more.Task.WaitAsync(cancellationToken));
            }
        }
    }

    private sealed class FakeSocket : WebSocket
    {
        private readonly TaskCompletionSource _blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<WebSocketReceiveResult> _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _sentOne = new(0);
        private TaskCompletionSource? _gate;
        private WebSocketState _state = WebSocketState.Open;
        private WebSocketCloseStatus? _status;
        private string? _reason;
        private int _sent;

        public Task IsBlocked => _blocked.Task;

        public int Sent => Volatile.Read(ref _sent);

        public override WebSocketCloseStatus? CloseStatus => _status;

        public override string? CloseStatusDescription => _reason;

        public override WebSocketState State => _state;

        public override string? SubProtocol => null;

        public void Block() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Unblock() => _gate!.SetResult();

        public async Task WaitForSentAsync(int count)
        {
            while (Sent < count)
            {
                await _sentOne.WaitAsync();
            }
        }

        public override void Abort()
        {
            _state = WebSocketState.Aborted;
            _gate?.TrySetException(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
            _gone.TrySetException(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
        }

        public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            if (_gate is { } gate)
            {
                _blocked.TrySetResult();
                await gate.Task;
            }

            Interlocked.Increment(ref _sent);
            _sentOne.Release();
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => _gone.Task;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
        {
            (_status, _reason, _state) = (closeStatus, statusDescription, WebSocketState.CloseSent);
            _gone.TrySetResult(new WebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true));
            return Task.CompletedTask;
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

        public override void Dispose() => _sentOne.Dispose();
    }
}
