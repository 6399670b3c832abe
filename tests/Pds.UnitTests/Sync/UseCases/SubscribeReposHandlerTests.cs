using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.Domain.Errors;

namespace Pds.UnitTests.Sync.UseCases;

internal sealed class SubscribeReposHandlerTests
{
    /// <summary>A log of which 41 to 100 lie within the window.</summary>
    [TestCase(null, 100, false, TestName = "Start_WithoutCursor_IsTheHead")]
    [TestCase(100, 100, false, TestName = "Start_AtTheHead_IsTheHead")]
    [TestCase(60, 60, false, TestName = "Start_WithinTheWindow_IsTheCursor")]
    [TestCase(40, 40, false, TestName = "Start_JustBeforeTheWindow_MissesNothing")]
    [TestCase(39, 40, true, TestName = "Start_OneEventBeforeTheWindow_IsOutdated")]
    [TestCase(0, 40, true, TestName = "Start_AtZero_IsOutdated")]
    [TestCase(-1, 40, true, TestName = "Start_BelowZero_IsAtZero")]
    public async Task Start_ByCursor(int? cursor, long after, bool isOutdated)
    {
        SubscriptionStart start = await HandleAsync(new FakeLog(lastSeq: 100, firstInWindow: 41), cursor);

        Assert.That(start, Is.EqualTo(new SubscriptionStart(after, isOutdated)));
    }

    [Test]
    public async Task Start_AtZeroOfACompleteLog_IsNotOutdated()
    {
        SubscriptionStart start = await HandleAsync(new FakeLog(lastSeq: 100, firstInWindow: 1), 0);

        Assert.That(start, Is.EqualTo(new SubscriptionStart(0, IsOutdated: false)));
    }

    [TestCase(-1)]
    [TestCase(-9_007_199_254_740_991)]
    public async Task Start_WhenTheCursorIsNegative_IsTheBeginning(long cursor)
    {
        SubscriptionStart start = await HandleAsync(new FakeLog(lastSeq: 0, firstInWindow: 1), cursor);

        Assert.That(start, Is.EqualTo(new SubscriptionStart(0, IsOutdated: false)));
    }

    [Test]
    public async Task Start_WhenNothingLiesWithinTheWindow_IsTheHead()
    {
        SubscriptionStart start = await HandleAsync(new FakeLog(lastSeq: 100, firstInWindow: 101), 0);

        Assert.That(start, Is.EqualTo(new SubscriptionStart(100, IsOutdated: true)));
    }

    [TestCase(101, "FutureCursor")]
    public void Start_WhenTheCursorIsOutside_IsRefused(int cursor, string error)
    {
        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => HandleAsync(new FakeLog(lastSeq: 100, firstInWindow: 1), cursor))!;

        Assert.That(refusal.Error.Name, Is.EqualTo(error));
    }

    [Test]
    public void Start_OfAnEmptyLogWithACursor_IsInTheFuture()
    {
        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => HandleAsync(new FakeLog(lastSeq: 0, firstInWindow: 1), 1))!;

        Assert.That(refusal.Error.Name, Is.EqualTo("FutureCursor"));
    }

    [Test]
    public async Task Start_WhenEventsCameSinceTheSubscriberConnected_IsBeforeThem()
    {
        var log = new FakeLog(lastSeq: 100, firstInWindow: 41);

        SubscriptionStart start = await HandleAsync(log, cursor: null, head: 97);
        JetstreamStart json = await new SubscribeJetstreamHandler(log, new FirehoseSettings(), TimeProvider.System)
            .Handle(new SubscribeJetstreamQuery(Cursor: null) { Head = 97 }, CancellationToken.None);

        Assert.That(start.After, Is.EqualTo(97));
        Assert.That(json.SendAfter, Is.EqualTo(97));
    }

    private static Task<SubscriptionStart> HandleAsync(IEventLog log, long? cursor, long? head = null) =>
        new SubscribeReposHandler(log, new FirehoseSettings(), TimeProvider.System).Handle(new SubscribeReposQuery(cursor) { Head = head }, CancellationToken.None);

    private sealed class FakeLog(long lastSeq, long firstInWindow) : IEventLog
    {
        public long LastSeq => lastSeq;

        public ValueTask<EventPage> ReadAsync(long after, int maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> FindFirstSinceAsync(DateTimeOffset time, CancellationToken cancellationToken) => new(firstInWindow);

        public ValueTask WaitAsync(long after, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
