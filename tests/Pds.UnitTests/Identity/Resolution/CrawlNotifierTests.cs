using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Pds.Application.Settings;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Sync;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class CrawlNotifierTests
{
    private static readonly ServerSettings Server = new() { Hostname = "pds.example.com" };

    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    private int _status = 200;

    [Test]
    public async Task Started_TellsEveryRelay()
    {
        await using LocalServer relay = await StartRelayAsync();
        await using CrawlNotifier notifier = Create(new ManualTime(), relay, relay);

        await notifier.StartedAsync(CancellationToken.None);

        Assert.That(await ReceiveAsync(), Is.EqualTo("""POST /xrpc/com.atproto.sync.requestCrawl application/json {"hostname":"pds.example.com"}"""));
        Assert.That(await ReceiveAsync(), Does.EndWith("""{"hostname":"pds.example.com"}"""));
    }

    // Pitfall C 57.
    [Test]
    public async Task Notify_WithinTwentyMinutes_SaysNothing()
    {
        var time = new ManualTime();
        await using LocalServer relay = await StartRelayAsync();
        await using CrawlNotifier notifier = Create(time, relay);
        await notifier.StartedAsync(CancellationToken.None);
        using IDisposable subscriber = notifier.CountSubscriber();
        await ReceiveAsync();

        time.Advance(TimeSpan.FromMinutes(19));
        notifier.Notify();
        time.Advance(TimeSpan.FromMinutes(1));
        notifier.Notify();
        notifier.Notify();
        await ReceiveAsync();
        await notifier.StopAsync(CancellationToken.None);

        Assert.That(relay.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Idle_WhenNobodySubscribes_TellsEveryTwentyMinutes()
    {
        var time = new ManualTime();
        await using LocalServer relay = await StartRelayAsync();
        await using CrawlNotifier notifier = Create(time, relay);
        await notifier.StartedAsync(CancellationToken.None);
        await ReceiveAsync();

        time.Advance(CrawlNotifier.Interval);
        await ReceiveAsync();
        time.Advance(CrawlNotifier.Interval);
        await ReceiveAsync();

        Assert.That(relay.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Idle_WhileSomebodyIsSubscribed_SaysNothing()
    {
        var time = new ManualTime();
        await using LocalServer relay = await StartRelayAsync();
        await using CrawlNotifier notifier = Create(time, relay);
        await notifier.StartedAsync(CancellationToken.None);
        await ReceiveAsync();

        IDisposable subscriber = notifier.CountSubscriber();
        time.Advance(TimeSpan.FromHours(3));
        subscriber.Dispose();
        subscriber.Dispose();
        time.Advance(TimeSpan.FromMinutes(19));
        int before = relay.Requests.Count;
        time.Advance(TimeSpan.FromMinutes(1));
        await ReceiveAsync();

        Assert.That((before, relay.Requests.Count), Is.EqualTo((1, 2)));
    }

    // Pitfall C 57.
    [Test]
    public async Task Started_WhenRelaysFail_StaysQuietAndGoesOn()
    {
        _status = 500;
        await using LocalServer relay = await StartRelayAsync();
        await using var notifier = new CrawlNotifier(
            new FirehoseSettings { Crawlers = { new Uri("http://127.0.0.1:1"), relay.Url } }, Server, new TrustedHttp(TimeProvider.System), new ManualTime(), NullLogger<CrawlNotifier>.Instance);

        await notifier.StartedAsync(CancellationToken.None);

        Assert.That(await ReceiveAsync(), Is.Not.Empty);
    }

    [Test]
    public async Task Notify_BeforeTheServerListens_SaysNothing()
    {
        await using LocalServer relay = await StartRelayAsync();
        await using CrawlNotifier notifier = Create(new ManualTime(), relay);

        notifier.Notify();
        await notifier.StopAsync(CancellationToken.None);

        Assert.That(relay.Requests, Is.Empty);
    }

    private Task<LocalServer> StartRelayAsync() => LocalServer.StartAsync(async context =>
    {
        string body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        context.Response.StatusCode = _status;
        await _received.Writer.WriteAsync($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType} {body}");
    });

    private static CrawlNotifier Create(TimeProvider time, params LocalServer[] relays)
    {
        var options = new FirehoseSettings();
        foreach (LocalServer relay in relays)
        {
            options.Crawlers.Add(relay.Url);
        }

        return new CrawlNotifier(options, Server, new TrustedHttp(TimeProvider.System), time, NullLogger<CrawlNotifier>.Instance);
    }

    private Task<string> ReceiveAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
}
