namespace Pds.Application.Capacity;

/// <summary>Ends an exchange when nothing happens for a while, or when its client is gone.</summary>
public sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _client;

    /// <summary>Starts without a deadline.</summary>
    /// <param name="time">Measures it.</param>
    /// <param name="client">Cancelled when the client is gone.</param>
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
    /// <param name="timeout">Time from now on.</param>
    public void Restart(TimeSpan timeout) => _source.CancelAfter(timeout);

    /// <summary>Ends the exchange now.</summary>
    public void Cancel() => _source.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _source.Dispose();
    }
}
