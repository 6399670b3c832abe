using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pds.Api.RateLimits;
using Pds.Application.Settings;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.RateLimits;

/// <summary>Bodies end in time, however steadily they come or go.</summary>
internal sealed class BodyTimesTests
{
    private readonly ManualTime _time = new();
    private readonly CapacitySettings _options = new() { MaxBodyTime = TimeSpan.FromMinutes(5) };

    [Test]
    public async Task Run_BeyondTheTime_CancelsAndAnswers408()
    {
        DefaultHttpContext context = new() { Response = { Body = new MemoryStream() } };
        Task run = new BodyTimes(_options, _time).RunAsync(context, http => Task.Delay(Timeout.Infinite, http.RequestAborted));

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        bool early = run.IsCompleted;
        _time.Advance(TimeSpan.FromTicks(1));
        await run;

        Assert.That(early, Is.False);
        Assert.That(context.Response.StatusCode, Is.EqualTo(StatusCodes.Status408RequestTimeout));
    }

    [Test]
    public async Task Run_BeyondTheTimeOfAnAnswer_EndsTheConnection()
    {
        Lifetime lifetime = new();
        DefaultHttpContext context = new();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        context.Features.Set<IHttpResponseFeature>(new Started());
        Task run = new BodyTimes(_options, _time).RunAsync(context, http => Task.Delay(Timeout.Infinite, http.RequestAborted));

        _time.Advance(TimeSpan.FromMinutes(5));
        await run;

        Assert.That(lifetime.IsAborted, Is.True);
    }

    [Test]
    public async Task Run_WithinTheTime_ChangesNothing()
    {
        DefaultHttpContext context = new();

        await new BodyTimes(_options, _time).RunAsync(context, http =>
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });

        Assert.That(context.Response.StatusCode, Is.EqualTo(StatusCodes.Status204NoContent));
        Assert.That(context.RequestAborted.CanBeCanceled, Is.False);
    }

    [TestCase(CapacityKind.Uploads, true)]
    [TestCase(CapacityKind.Exports, true)]
    [TestCase(CapacityKind.Forwards, true)]
    [TestCase(CapacityKind.Writes, false)]
    public async Task Around_WorkOfAKind_EndsInTimeWhereItWaitsForOthers(CapacityKind kind, bool ends)
    {
        Capacity capacity = new(_options, new ClientNetworks(new RateLimitSettings()), new BodyTimes(_options, _time), new Meters(), _time);
        DefaultHttpContext context = new() { Response = { Body = new MemoryStream() } };
        TaskCompletionSource served = new();
        Task run = capacity.Around(http => Task.WhenAny(served.Task, Task.Delay(Timeout.Infinite, http.RequestAborted)).Unwrap(), kind)(context);

        _time.Advance(TimeSpan.FromMinutes(5));
        served.TrySetResult();
        await run;

        Assert.That(context.Response.StatusCode == StatusCodes.Status408RequestTimeout, Is.EqualTo(ends));
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsAborted { get; private set; }

        public void Abort() => IsAborted = true;
    }

    private sealed class Started : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
