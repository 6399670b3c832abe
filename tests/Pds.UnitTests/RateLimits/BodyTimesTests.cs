using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pds.Api.RateLimits;
using Pds.Application.DependencyInjection;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.RateLimits;

/// <summary>Bodies end in time, however steadily they come or go.</summary>
internal sealed class BodyTimesTests
{
    private readonly ManualTime _time = new();
    private readonly PdsOptions _options = new() { MaxBodyTime = TimeSpan.FromMinutes(5) };

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
