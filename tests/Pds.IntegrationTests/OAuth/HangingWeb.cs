using System.Collections.Concurrent;

namespace Pds.IntegrationTests.OAuth;

/// <summary>A web whose documents come at once where there are some, and where there are none only when told to.</summary>
internal sealed class HangingWeb : FakeWeb
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _asked = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    /// <summary>How many documents were asked for.</summary>
    public int Requests => _requests;

    /// <summary>Completes when a document was asked for.</summary>
    public Task Asked(string address) => Of(address).Task;

    public void Release() => _released.TrySetResult();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string address = request.RequestUri!.AbsoluteUri;
        Interlocked.Increment(ref _requests);
        Of(address).TrySetResult();
        if (!Documents.ContainsKey(address))
        {
            await _released.Task.WaitAsync(cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        Release();
        base.Dispose(disposing);
    }

    private TaskCompletionSource Of(string address) => _asked.GetOrAdd(address, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
