using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;

namespace Pds.Api.RateLimits;

/// <summary>Bounds how much of one kind of work is under way. Whoever finds it full is refused at once: a queue would only make everybody late.</summary>
internal sealed class CapacityGate : IDisposable
{
    private readonly int _limit;
    private readonly ConcurrencyLimiter _limiter;
    private readonly Counter<long> _refusals;
    private readonly KeyValuePair<string, object?> _name;

    /// <summary>Makes a gate.</summary>
    /// <param name="name">What it bounds, for measurements.</param>
    /// <param name="limit">How many places there are.</param>
    /// <param name="refusals">Counts those who found it full.</param>
    public CapacityGate(string name, int limit, Counter<long> refusals)
    {
        _limit = limit;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limit });
        _refusals = refusals;
        _name = new("pds.capacity", name);
    }

    /// <summary>Whether there is a place right now; it is not taken.</summary>
    public bool HasRoom() => Counted(_limiter.AttemptAcquire(permitCount: 0)).IsAcquired;

    /// <summary>Takes places until the result is disposed of.</summary>
    /// <param name="weight">How many; more than there are count as all.</param>
    public RateLimitLease Enter(int weight) => Counted(_limiter.AttemptAcquire(Math.Min(weight, _limit)));

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
