using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using Pds.Api.RateLimits;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.RateLimits;

internal sealed class CapacityGateTests
{
    private readonly ManualTime _time = new();
    private Meter _meter = null!;
    private Counter<long> _refusals = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _meter = new Meter(nameof(CapacityGateTests));
        _refusals = _meter.CreateCounter<long>("refusals");
    }

    [OneTimeTearDown]
    public void TearDown() => _meter?.Dispose();

    [Test]
    public async Task EnterAsync_WhenFull_WaitsInOrder()
    {
        using CapacityGate gate = Gate(limit: 2, queue: 2);
        RateLimitLease both = gate.Enter(2);
        Task<RateLimitLease> first = gate.EnterAsync(1, CancellationToken.None).AsTask();
        Task<RateLimitLease> second = gate.EnterAsync(1, CancellationToken.None).AsTask();

        Assert.That(first.IsCompleted || second.IsCompleted, Is.False);
        both.Dispose();

        Assert.That((await first).IsAcquired, Is.True);
        Assert.That((await second).IsAcquired, Is.True);
    }

    [Test]
    public async Task EnterAsync_WhenNothingMoreMayWait_IsRefusedAtOnce()
    {
        using CapacityGate gate = Gate(limit: 1, queue: 1);
        using RateLimitLease held = gate.Enter(1);
        Task<RateLimitLease> waiting = gate.EnterAsync(1, CancellationToken.None).AsTask();

        using RateLimitLease refused = await gate.EnterAsync(1, CancellationToken.None);

        Assert.That(refused.IsAcquired, Is.False);
        Assert.That(waiting.IsCompleted, Is.False);
    }

    [Test]
    public async Task EnterAsync_WhenItTakesTooLong_IsRefusedAndLeavesTheQueue()
    {
        using CapacityGate gate = Gate(limit: 1, queue: 1);
        RateLimitLease held = gate.Enter(1);
        Task<RateLimitLease> waiting = gate.EnterAsync(1, CancellationToken.None).AsTask();

        _time.Advance(CapacityGate.Patience - TimeSpan.FromTicks(1));
        Assert.That(waiting.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.That((await waiting).IsAcquired, Is.False);
        held.Dispose();
        Assert.That(gate.Enter(1).IsAcquired, Is.True);
    }

    [Test]
    public void EnterAsync_WhenTheClientGoes_GivesUp()
    {
        using CapacityGate gate = Gate(limit: 1, queue: 1);
        using RateLimitLease held = gate.Enter(1);
        using CancellationTokenSource gone = new();
        Task<RateLimitLease> waiting = gate.EnterAsync(1, gone.Token).AsTask();

        gone.Cancel();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task EnterAsync_OfMoreThanThereIs_TakesAll()
    {
        using CapacityGate gate = Gate(limit: 2, queue: 2);
        RateLimitLease one = gate.Enter(1);
        Task<RateLimitLease> all = gate.EnterAsync(100, CancellationToken.None).AsTask();
        one.Dispose();

        using RateLimitLease taken = await all;

        Assert.That(taken.IsAcquired, Is.True);
        Assert.That(gate.Enter(1).IsAcquired, Is.False);
    }

    [TestCase(0, 1, false)]
    [TestCase(1, 1, true)]
    [TestCase(1, 2, false)]
    public void HasRoom_BesideSoManyWriters_SaysWhetherOneMoreMayCome(int queue, int writers, bool expected)
    {
        using CapacityGate gate = Gate(limit: 1, queue);
        for (int i = 0; i < writers; i++)
        {
            _ = gate.EnterAsync(1, CancellationToken.None).AsTask();
        }

        Assert.That(gate.HasRoom(), Is.EqualTo(expected));
    }

    private CapacityGate Gate(int limit, int queue) => new("test", limit, queue, _refusals, _time);
}
