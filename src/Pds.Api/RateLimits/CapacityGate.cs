using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;

namespace Pds.Api.RateLimits;

/// <summary>Bounds how much of one kind of work is under way, and how much may wait for that, first come first served.</summary>
internal sealed class CapacityGate : IDisposable
{
    /// <summary>Who has waited as long as that is refused: a client would rather try again than hear nothing.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(Capacity.RetryAfterSeconds);

    private readonly int _limit;
    private readonly int _queue;
    private readonly ConcurrencyLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly Counter<long> _refusals;
    private readonly KeyValuePair<string, object?> _name;

    /// <summary>Makes a gate.</summary>
    /// <param name="name">What it bounds, for measurements.</param>
    /// <param name="limit">How many places there are.</param>
    /// <param name="queue">How many places those who wait may ask for together.</param>
    /// <param name="refusals">Counts those who found it full.</param>
    /// <param name="time">Measures how long somebody has waited.</param>
    public CapacityGate(string name, int limit, int queue, Counter<long> refusals, TimeProvider time)
    {
        _limit = limit;
        _queue = queue;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = queue });
        _time = time;
        _refusals = refusals;
        _name = new("pds.capacity", name);
    }

    /// <summary>Whether somebody who comes now gets a place or may wait for one.</summary>
    public bool HasRoom()
    {
        using RateLimitLease place = _limiter.AttemptAcquire(permitCount: 0);
        bool hasRoom = place.IsAcquired || (_queue > 0 && _limiter.GetStatistics()!.CurrentQueuedCount < _queue);
        return hasRoom || Counted(place).IsAcquired;
    }

    /// <summary>Takes places until the result is disposed of, or none.</summary>
    /// <param name="weight">How many; more than there are count as all.</param>
    public RateLimitLease Enter(int weight) => Counted(_limiter.AttemptAcquire(Math.Min(weight, _limit)));

    /// <summary>Takes places until the result is disposed of, waiting for them where there is room for that; none when it took too long.</summary>
    /// <param name="weight">How many; more than there are count as all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<RateLimitLease> EnterAsync(int weight, CancellationToken cancellationToken)
    {
        RateLimitLease place = _limiter.AttemptAcquire(Math.Min(weight, _limit));
        if (place.IsAcquired)
        {
            return place;
        }

        using CancellationTokenSource patience = new(Patience, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return Counted(await _limiter.AcquireAsync(Math.Min(weight, _limit), either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Counted(place);
        }
    }

    /// <summary>Lets a request through, holding a place until it is answered, or refuses it.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        using RateLimitLease place = Enter(weight: 1);
        await (place.IsAcquired ? next(context) : Capacity.Full.WriteAsync(context));
    }

    public void Dispose() => _limiter.Dispose();

    private RateLimitLease Counted(RateLimitLease place)
    {
        if (!place.IsAcquired)
        {
            _refusals.Add(1, _name);
        }

        return place;
    }
}
