namespace Pds.Infrastructure.Proxying;

/// <summary>Ends an exchange when nothing happens for a while, or when its client is gone.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _client;

    public Deadline(TimeProvider time, CancellationToken client)
    {
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _client = client.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        Client = client;
    }

    /// <summary>Cancelled at the deadline, and with the client.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled with the client only.</summary>
    public CancellationToken Client { get; }

    /// <summary>Puts the deadline off.</summary>
    public void Restart(TimeSpan timeout) => _source.CancelAfter(timeout);

    public void Dispose()
    {
        _client.Dispose();
        _source.Dispose();
    }
}
