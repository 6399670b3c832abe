using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.Infrastructure.Http;

namespace Pds.Infrastructure.Sync;

/// <summary>Asks the relays in the settings to crawl this server: once it listens, after events, and while nobody is subscribed.</summary>
/// <remarks>Lexicon: <c>com.atproto.sync.requestCrawl</c>. What relays answer is only logged: a relay that is down must not stop a server.</remarks>
internal sealed class CrawlNotifier : ICrawlNotifier, IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>The least time between two requests.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(20);

    // Timers may fire a little early.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);
    private static readonly FetchLimits Limits = new(MaxBytes: 64 * 1024, Timeout: TimeSpan.FromSeconds(10));

    private readonly FirehoseSettings _firehose;
    private readonly ServerSettings _server;
    private readonly TrustedHttp _http;
    private readonly TimeProvider _time;
    private readonly ILogger<CrawlNotifier> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _idle;
    private int _disposed;
    private readonly Lock _gate = new();
    private DateTimeOffset _lastSent = DateTimeOffset.MinValue;
    private Task _sending = Task.CompletedTask;
    private int _subscribers;
    private bool _isStarted;

    public CrawlNotifier(FirehoseSettings firehose, ServerSettings server, TrustedHttp http, TimeProvider time, ILogger<CrawlNotifier> logger)
    {
        _firehose = firehose;
        _server = server;
        _http = http;
        _time = time;
        _logger = logger;
        _idle = time.CreateTimer(_ => Send(Interval - Tolerance), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Notify() => Send(Interval);

    /// <inheritdoc/>
    public IDisposable CountSubscriber()
    {
        lock (_gate)
        {
            _subscribers++;
            ArmIdleTimer();
        }

        return new Subscriber(this);
    }

    /// <summary>The server listens: relays that are told now can come at once.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _isStarted = true;
            ArmIdleTimer();
        }

        // Does not count: the first event after a start is news again to a relay that could not reach us at that moment.
        Send(TimeSpan.Zero, counts: false);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _sending.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return; // registered under several types, it is disposed of as often
        }

        await _idle.DisposeAsync();
        await _stopping.CancelAsync();
        await _sending;
        _stopping.Dispose();
    }

    private void Send(TimeSpan interval, bool counts = true)
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (_firehose.Crawlers.Count == 0 || !_isStarted || _stopping.IsCancellationRequested || now - _lastSent < interval)
            {
                return;
            }

            _lastSent = counts ? now : _lastSent;
            _sending = SendAfterAsync(_sending);
        }
    }

    private async Task SendAfterAsync(Task previous)
    {
        await Task.Yield(); // the caller holds a lock, and may be a writer
        await previous;
        foreach (Uri crawler in _firehose.Crawlers)
        {
            await SendAsync(crawler);
        }
    }

    private async Task SendAsync(Uri crawler)
    {
        try
        {
            var address = new Uri($"{crawler.AbsoluteUri.TrimEnd('/')}/xrpc/com.atproto.sync.requestCrawl");
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { ["hostname"] = _server.Hostname }));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            FetchResponse response = await _http.SendAsync(request, Limits, _stopping.Token);
            if (response.IsSuccess)
            {
                CrawlLog.Asked(_logger, crawler.Host);
            }
            else
            {
                CrawlLog.Refused(_logger, crawler.Host, (int)response.Status);
            }
        }
        catch (FetchException e)
        {
            CrawlLog.Unreachable(_logger, crawler.Host, e);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops; relays will notice.
        }
    }

    private void ArmIdleTimer()
    {
        bool isIdle = _isStarted && _subscribers == 0;
        _idle.Change(isIdle ? Interval : Timeout.InfiniteTimeSpan, isIdle ? Interval : Timeout.InfiniteTimeSpan);
    }

    private void Release()
    {
        lock (_gate)
        {
            _subscribers--;
            ArmIdleTimer();
        }
    }

    private sealed class Subscriber(CrawlNotifier owner) : IDisposable
    {
        private CrawlNotifier? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Release();
    }
}
