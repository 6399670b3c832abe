using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Pds.IntegrationTests.RateLimits;

/// <summary>Keeps the first message of a kind from its handler until it is released.</summary>
internal sealed class Hold<TRequest, TOutput> : IPipelineBehavior<TRequest, TOutput>
    where TRequest : notnull
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it has one.</summary>
    public Task Entered => _entered.Task.WaitAsync(Patience.Long);

    public void Register(IServiceCollection services) => services.AddSingleton<IPipelineBehavior<TRequest, TOutput>>(this);

    public void Release() => _released.SetResult();

    public async Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        if (_entered.TrySetResult())
        {
            await _released.Task;
        }

        return await next(cancellationToken);
    }
}

/// <summary>A request whose body does not end until it is told to.</summary>
internal sealed class HeldUpload : HttpContent, IAsyncDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http;
    private Task<HttpResponseMessage> _answer = null!;

    private HeldUpload(HttpClient http) => _http = http;

    /// <summary>Begins one, and returns when the server has begun to read it: only then does it ask for the body.</summary>
    public static async Task<HeldUpload> BeginAsync(PdsApplication pds, string method, AccountClient? account = null, string? address = null)
    {
        var held = new HeldUpload(new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { BaseAddress = pds.Origin });
        held.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, $"/xrpc/{method}") { Content = held };
        request.Headers.ExpectContinue = true;
        request.Headers.Authorization = account?.Http.DefaultRequestHeaders.Authorization;
        if (address is not null)
        {
            request.Headers.Add("X-Forwarded-For", address);
        }

        held._answer = held._http.SendAsync(request);
        await await Task.WhenAny(held._begun.Task, held._answer).WaitAsync(Patience.Long);
        return held;
    }

    public Task<HttpResponseMessage> FinishAsync()
    {
        _finish.TrySetResult();
        return _answer;
    }

    public async ValueTask DisposeAsync()
    {
        await FinishAsync();
        _http.Dispose();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _begun.TrySetResult();
        await _finish.Task;
        await stream.WriteAsync("{}"u8.ToArray());
    }

    protected override bool TryComputeLength(out long length)
    {
        length = "{}".Length;
        return true;
    }
}

/// <summary>Counts the refusals of one server, as a monitoring system would.</summary>
internal sealed class Refusals : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public Refusals(PdsApplication pds)
    {
        Meter meter = pds.Services.GetRequiredService<IMeterFactory>().Create("Pds");
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.Name == "pds.capacity.refusals")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _counts.AddOrUpdate((string)tags[0].Value!, value, (_, old) => old + value));
        _listener.Start();
    }

    public long Of(string capacity) => _counts.GetValueOrDefault(capacity);

    public void Dispose() => _listener.Dispose();
}
