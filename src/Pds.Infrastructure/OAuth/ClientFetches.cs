using Pds.Application.Capacity;
using Pds.Domain.Errors;
using Pds.Infrastructure.Http;

namespace Pds.Infrastructure.OAuth;

/// <summary>Fetches the documents of clients: each once for all who ask at the same time, and few of one host at a time, so that a host that hangs takes nobody else along.</summary>
/// <param name="http">Fetches.</param>
/// <param name="maxPerHost">How many of one host.</param>
internal sealed class ClientFetches(GuardedHttp http, int maxPerHost)
{
    private const int MaxBytes = 512 * 1024;
    private static readonly FetchLimits Limits = new(MaxBytes, TimeSpan.FromSeconds(10));

    private readonly CapacityShares<string> _hosts = new(maxPerHost);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<FetchResponse>> _underWay = new(StringComparer.Ordinal);

    /// <summary>Fetches a document.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="cancellationToken">Gives up; the fetch goes on for others, within its time.</param>
    /// <exception cref="FetchException">Refused, unreachable, too slow or too big.</exception>
    /// <exception cref="XrpcException">NotEnoughResources: too much is under way to this host.</exception>
    public Task<FetchResponse> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        TaskCompletionSource<FetchResponse> made = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_underWay.TryGetValue(address.AbsoluteUri, out Task<FetchResponse>? shared))
            {
                return shared.WaitAsync(cancellationToken);
            }

            if (!_hosts.TryTake(address.Host, places: 1))
            {
                throw new XrpcException(RequestErrors.NotEnoughResources, "The host of the client is slow to answer. Try again in a moment.");
            }

            _underWay.Add(address.AbsoluteUri, made.Task);
        }

        _ = FetchAsync(address, made);
        return made.Task.WaitAsync(cancellationToken);
    }

    private async Task FetchAsync(Uri address, TaskCompletionSource<FetchResponse> result)
    {
        FetchResponse? response = null;
        Exception? fault = null;
        try
        {
            response = await http.GetAsync(address, "application/json", Limits, CancellationToken.None);
        }
        catch (Exception e)
        {
            fault = e;    // for those who wait
        }

        lock (_gate)
        {
            _underWay.Remove(address.AbsoluteUri);
        }

        _hosts.GiveBack(address.Host, places: 1);
        if (response is not null)
        {
            result.SetResult(response);
            return;
        }

        result.SetException(fault!);
        _ = result.Task.Exception;    // seen, even if everybody has gone
    }
}
