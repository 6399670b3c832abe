using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pds.Api.RateLimits;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.RateLimits;

internal sealed class CapacityGateTests
{
    private static readonly CapacityCaller Nobody = new(default, Account: null);
    private static readonly CapacityCaller Alice = new(default, Did.Parse("did:web:alice.test"));
    private static readonly CapacityCaller Bob = new(default, Did.Parse("did:web:bob.test"));

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
        CapacityGate gate = Gate(limit: 2, queue: 2);
        _ = gate.TryEnter(Nobody, 2);
        Task<bool> first = gate.EnterAsync(Nobody, 1, CancellationToken.None).AsTask();
        Task<bool> second = gate.EnterAsync(Nobody, 1, CancellationToken.None).AsTask();

        Assert.That(first.IsCompleted || second.IsCompleted, Is.False);
        gate.Leave(Nobody, 2);

        Assert.That(await first, Is.True);
        Assert.That(await second, Is.True);
    }

    [Test]
    public async Task EnterAsync_WhenNothingMoreMayWait_IsRefusedAtOnce()
    {
        CapacityGate gate = Gate(limit: 1, queue: 1);
        _ = gate.TryEnter(Nobody, 1);
        Task<bool> waiting = gate.EnterAsync(Nobody, 1, CancellationToken.None).AsTask();

        bool refused = !await gate.EnterAsync(Nobody, 1, CancellationToken.None);

        Assert.That(refused, Is.True);
        Assert.That(waiting.IsCompleted, Is.False);
    }

    [Test]
    public async Task EnterAsync_WhenItTakesTooLong_IsRefusedAndLeavesTheQueue()
    {
        CapacityGate gate = Gate(limit: 1, queue: 1);
        _ = gate.TryEnter(Nobody, 1);
        Task<bool> waiting = gate.EnterAsync(Nobody, 1, CancellationToken.None).AsTask();

        _time.Advance(CapacityGate.Patience - TimeSpan.FromTicks(1));
        Assert.That(waiting.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.That(await waiting, Is.False);
        gate.Leave(Nobody, 1);
        Assert.That(gate.TryEnter(Nobody, 1), Is.True);
    }

    [Test]
    public void EnterAsync_WhenTheClientGoes_GivesUp()
    {
        CapacityGate gate = Gate(limit: 1, queue: 1);
        _ = gate.TryEnter(Nobody, 1);
        using CancellationTokenSource gone = new();
        Task<bool> waiting = gate.EnterAsync(Nobody, 1, gone.Token).AsTask();

        gone.Cancel();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task EnterAsync_OfMoreThanThereIs_TakesAll()
    {
        CapacityGate gate = Gate(limit: 2, queue: 2);
        _ = gate.TryEnter(Nobody, 1);
        Task<bool> all = gate.EnterAsync(Nobody, 100, CancellationToken.None).AsTask();
        gate.Leave(Nobody, 1);

        bool taken = await all;

        Assert.That(taken, Is.True);
        Assert.That(gate.TryEnter(Nobody, 1), Is.False);
    }

    [TestCase(0, 1, false)]
    [TestCase(1, 1, true)]
    [TestCase(1, 2, false)]
    public void HasRoom_BesideSoManyWriters_SaysWhetherOneMoreMayCome(int queue, int writers, bool expected)
    {
        CapacityGate gate = Gate(limit: 1, queue);
        for (int i = 0; i < writers; i++)
        {
            _ = gate.EnterAsync(Nobody, 1, CancellationToken.None).AsTask();
        }

        Assert.That(gate.HasRoom(), Is.EqualTo(expected));
    }

    [Test]
    public async Task EnterAsync_OfACallerBeyondItsShare_WaitsWhileOthersPass()
    {
        CapacityGate gate = new(new CapacityBounds("test", Places: 4, Queue: 4, SharePercent: 25), _refusals, _time);
        _ = gate.TryEnter(Alice, 1);
        Task<bool> second = gate.EnterAsync(Alice, 1, CancellationToken.None).AsTask();

        bool third = await gate.EnterAsync(Alice, 1, CancellationToken.None);
        bool other = await gate.EnterAsync(Bob, 1, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(third, Is.False, "one may wait");
            Assert.That(other, Is.True);
            Assert.That(second.IsCompleted, Is.False);
        }

        gate.Leave(Alice, 1);
        Assert.That(await second, Is.True);
    }

    [Test]
    public async Task EnterAsync_BesideOneThatNeedsMoreRoom_DoesNotOvertake()
    {
        CapacityGate gate = Gate(limit: 3, queue: 4);
        _ = gate.TryEnter(Nobody, 2);
        Task<bool> heavy = gate.EnterAsync(Nobody, 2, CancellationToken.None).AsTask();

        bool light = gate.TryEnter(Nobody, 1);
        gate.Leave(Nobody, 2);

        Assert.That(light, Is.False);
        Assert.That(await heavy, Is.True);
        Assert.That(gate.TryEnter(Nobody, 1), Is.True);
    }

    [Test]
    public void TryClaim_OfAnAccountBeyondItsShare_IsRefusedUntilItLeaves()
    {
        CapacityGate gate = new(new CapacityBounds("test", Places: 4, Queue: 0, SharePercent: 25), _refusals, _time);
        _ = gate.TryEnter(Nobody, 1);
        _ = gate.TryEnter(Nobody, 1);

        bool first = gate.TryClaim(Alice.Account!.Value);
        bool second = gate.TryClaim(Alice.Account!.Value);
        bool other = gate.TryClaim(Bob.Account!.Value);
        gate.Leave(Alice, 1);
        bool again = gate.TryClaim(Alice.Account!.Value);

        Assert.That(new[] { first, second, other, again }, Is.EqualTo(new[] { true, false, true, true }));
    }

    [Test]
    public async Task EnterAsync_BehindOneThatGivesUp_GetsTheRoom()
    {
        CapacityGate gate = Gate(limit: 3, queue: 4);
        _ = gate.TryEnter(Nobody, 2);
        using CancellationTokenSource gone = new();
        Task<bool> heavy = gate.EnterAsync(Nobody, 2, gone.Token).AsTask();
        Task<bool> light = gate.EnterAsync(Nobody, 1, CancellationToken.None).AsTask();
        bool waited = !light.IsCompleted;

        await gone.CancelAsync();

        Assert.That(waited, Is.True);
        Assert.That(await light.WaitAsync(TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(async () => await heavy, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void TryEnter_OfAnAccountBeyondItsShare_TakesNothingOfItsNetwork()
    {
        CapacityGate gate = new(new CapacityBounds("test", Places: 4, Queue: 0, SharePercent: 50), _refusals, _time);
        CapacityCaller there = new(1, Alice.Account);
        CapacityCaller here = new(2, Alice.Account);
        bool[] first = [gate.TryEnter(there, 1), gate.TryEnter(there, 1)];

        bool[] beyond = [gate.TryEnter(here, 1), gate.TryEnter(here, 1)];
        bool other = gate.TryEnter(new CapacityCaller(2, Bob.Account), 2);

        Assert.That(first, Is.All.True);
        Assert.That(beyond, Is.All.False);
        Assert.That(other, Is.True);
    }

    [Test]
    public void Pass_ThatEnds_GivesBackWhatItClaimed()
    {
        CapacityGate gate = new(new CapacityBounds("test", Places: 4, Queue: 0, SharePercent: 25), _refusals, _time);
        for (int i = 0; i < 3; i++)
        {
            using CapacityPass pass = new(network: 1);

            Assert.That(pass.TryEnter(gate), Is.True);
            Assert.That(() => pass.Claim(Alice.Account!.Value), Throws.Nothing);
        }

        Assert.That(gate.TryEnter(new CapacityCaller(1, Alice.Account), 1), Is.True);
    }

    [Test]
    public async Task PasswordFilter_WhenTheActionIsDone_GivesThePlaceBack()
    {
        CapacitySettings options = new() { MaxWaitingPasswords = 0, MaxSharePercent = 100 };
        using Meters meters = new();
        Capacity capacity = new(options, new ClientNetworks(new RateLimitSettings()), new BodyTimes(options, _time), meters, _time);
        DefaultHttpContext http = new() { RequestServices = new ServiceCollection().AddSingleton(capacity).BuildServiceProvider() };
        ActionContext action = new(http, new RouteData(), new ActionDescriptor());
        int done = 0;
        for (int i = 0; i <= Environment.ProcessorCount; i++)
        {
            await new PasswordCapacityFilter().OnActionExecutionAsync(new ActionExecutingContext(action, [], new Dictionary<string, object?>(), this), () =>
            {
                done++;
                return Task.FromResult(new ActionExecutedContext(action, [], this));
            });
        }

        Assert.That(done, Is.EqualTo(Environment.ProcessorCount + 1));
    }

    private CapacityGate Gate(int limit, int queue) => new(new CapacityBounds("test", limit, queue, SharePercent: 100), _refusals, _time);

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
