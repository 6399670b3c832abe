using Pds.Api.Sync;
using Pds.Application.Settings;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Sync;

internal sealed class SubscriberMemoryTests
{
    private const int Bound = 1000;

    private readonly ManualTime _time = new();

    [Test]
    public async Task Reserve_WhenThereIsRoom_DoesNotWait()
    {
        SubscriberMemory memory = Create();
        using SubscriberMemory.Share one = memory.Join(Fail);
        using SubscriberMemory.Share other = memory.Join(Fail);

        await one.ReserveAsync(600, default);
        await other.ReserveAsync(400, default);
        await one.ReserveAsync(500, default);

        Assert.That(memory.UsedBytes, Is.EqualTo(900));
    }

    [Test]
    public async Task Reserve_WhenThereIsNoRoom_WaitsForSomebodyWhoReads()
    {
        SubscriberMemory memory = Create();
        using SubscriberMemory.Share one = memory.Join(Fail);
        using SubscriberMemory.Share other = memory.Join(Fail);
        await one.ReserveAsync(600, default);

        Task waiting = other.ReserveAsync(500, default).AsTask();
        bool waited = !waiting.IsCompleted;
        one.TryReserve(100);
        await waiting;

        Assert.That(waited, Is.True);
        Assert.That(memory.UsedBytes, Is.EqualTo(600));
    }

    [Test]
    public async Task Reserve_WhenOthersDoNotRead_CutsOffTheOneThatHasNotReadForTheLongestTime()
    {
        SubscriberMemory memory = Create();
        List<string> cutOff = [];
        SubscriberMemory.Share? first = null;
        first = memory.Join(() => { cutOff.Add("first"); first!.Dispose(); });
        SubscriberMemory.Share second = memory.Join(() => cutOff.Add("second"));
        using SubscriberMemory.Share third = memory.Join(() => cutOff.Add("third"));
        await second.ReserveAsync(300, default);
        await first.ReserveAsync(600, default);
        first.SetStalled(true);
        _time.Advance(TimeSpan.FromSeconds(2));
        second.SetStalled(true);
        _time.Advance(TimeSpan.FromSeconds(2));

        await third.ReserveAsync(500, default);

        Assert.That(cutOff, Is.EqualTo(new[] { "first" }));
        Assert.That(memory.UsedBytes, Is.EqualTo(800));
    }

    [Test]
    public async Task Reserve_OfMoreThanTheBound_IsLetThroughAlone()
    {
        SubscriberMemory memory = Create();
        using SubscriberMemory.Share one = memory.Join(Fail);
        using SubscriberMemory.Share other = memory.Join(Fail);

        await one.ReserveAsync(2 * Bound, default);
        Task waiting = other.ReserveAsync(1, default).AsTask();
        bool waited = !waiting.IsCompleted;
        one.Dispose();
        await waiting;

        Assert.That(waited, Is.True);
    }

    // Nobody who keeps something can be cut off for it.
    [Test]
    public async Task Reserve_WhileOthersKeepAllTheyMay_HasRoom()
    {
        SubscriberMemory memory = Create();
        using SubscriberMemory.Share reader = memory.Join(Fail);
        using SubscriberMemory.Share another = memory.Join(Fail);
        SubscriberMemory.KeptShare[] kept = [.. Enumerable.Range(0, 3).Select(_ => memory.Keep(network: 0))];

        bool[] granted = [.. kept.Select(share => share.TryReserve(100))];
        await another.ReserveAsync(100, default);
        await reader.ReserveAsync(700, default);
        Task beyond = reader.ReserveAsync(701, default).AsTask();
        bool waited = !beyond.IsCompleted;
        kept[0].Dispose();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(granted, Is.EqualTo(new[] { true, true, false }), "a quarter is for what is kept");
            Assert.That(waited, Is.True, "what is kept counts");
            Assert.That(kept[2].TryReserve(100), Is.True, "what ends is given back");
            Assert.That(kept[1].TryReserve(50), Is.True);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        another.Dispose();
        await beyond;
    }

    [Test]
    public void Keep_WhenOneAddressHasItsShare_LeavesRoomForAnother()
    {
        var memory = new SubscriberMemory(new FirehoseSettings { MaxSubscriberBytes = Bound }, new CapacitySettings { MaxSharePercent = 50 }, _time);
        using SubscriberMemory.KeptShare one = memory.Keep(network: 1);
        using SubscriberMemory.KeptShare same = memory.Keep(network: 1);
        using SubscriberMemory.KeptShare other = memory.Keep(network: 2);

        bool[] granted = [one.TryReserve(100), same.TryReserve(26), other.TryReserve(100), one.TryReserve(0), same.TryReserve(125)];

        Assert.That(granted, Is.EqualTo(new[] { true, false, true, true, true }));
    }

    [Test]
    public void PageBytes_WithMoreSubscribers_AreFewer()
    {
        var memory = new SubscriberMemory(new FirehoseSettings { MaxSubscriberBytes = 16 * 1024 * 1024 }, new CapacitySettings(), _time);
        int alone = memory.PageBytes;

        SubscriberMemory.Share[] shares = [.. Enumerable.Range(0, 100).Select(_ => memory.Join(Fail))];

        Assert.That((alone, memory.PageBytes), Is.EqualTo((256 * 1024, 16 * 1024 * 1024 / 4 / shares.Length)));
    }

    private SubscriberMemory Create() => new(new FirehoseSettings { MaxSubscriberBytes = Bound }, new CapacitySettings(), _time);

    private static void Fail() => Assert.Fail("Nobody is to be cut off.");
}
