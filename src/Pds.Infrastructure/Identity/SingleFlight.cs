using System.Collections.Concurrent;

namespace Pds.Infrastructure.Identity;

/// <summary>Lets callers who want the same thing at the same time share one piece of work.</summary>
/// <remarks>The work does not stop when a caller gives up, since others may wait for it: it has to bound its own time.</remarks>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TResult>>> _flights = new();

    /// <summary>Joins the work under way for a key, or starts it.</summary>
    public Task<TResult> RunAsync(TKey key, Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        Lazy<Task<TResult>> flight = _flights.GetOrAdd(key, _ => new(() => FlyAsync(key, work)));
        return flight.Value.WaitAsync(cancellationToken);
    }

    private async Task<TResult> FlyAsync(TKey key, Func<Task<TResult>> work)
    {
        await Task.Yield(); // so that the entry is there before it is removed
        try
        {
            return await work();
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }
}
