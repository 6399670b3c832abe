namespace Pds.Infrastructure.Http;

/// <summary>Fetches from hosts that the operator named in the settings: the PLC directory, relays. They may be anywhere, also on this machine.</summary>
internal sealed class TrustedHttp(TimeProvider time) : IDisposable
{
    private readonly HttpClient _client = BoundedFetch.CreateClient(BoundedFetch.CreateHandler());

    /// <summary>Sends a request and reads the answer to its end. Redirects come back as what they are.</summary>
    /// <exception cref="FetchException">Unreachable, too slow or too big.</exception>
    public Task<FetchResponse> SendAsync(HttpRequestMessage request, FetchLimits limits, CancellationToken cancellationToken) =>
        BoundedFetch.WithinAsync(limits.Timeout, time, async token => (await BoundedFetch.SendAsync(_client, request, limits.MaxBytes, token)).Response, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
