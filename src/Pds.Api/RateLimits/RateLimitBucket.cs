namespace Pds.Api.RateLimits;

/// <summary>The counters of one rule, in memory and of bounded number. A window is fixed and begins with the first request of its key.</summary>
/// <remarks>All windows are of one length, so they end in the order in which they began, and those that are over lie in front.</remarks>
internal sealed class RateLimitBucket(RateLimitRule rule, TimeProvider time)
{
    /// <summary>Counters held; the one that would end first makes room for another.</summary>
    public const int Capacity = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private readonly Queue<Window> _byEnd = new();

    /// <summary>How many counters there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _windows.Count;
            }
        }
    }

    /// <summary>Counts a request.</summary>
    /// <param name="key">Whom for.</param>
    /// <param name="cost">Points.</param>
    public RateLimitState Consume(string key, int cost)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            while (_byEnd.TryPeek(out Window? first) && (first.EndsAt <= now || _windows.Count > Capacity))
            {
                _byEnd.Dequeue();
                _windows.Remove(first.Key);
            }

            if (!_windows.TryGetValue(key, out Window? window))
            {
                window = new Window(key, now + rule.Window);
                _windows.Add(key, window);
                _byEnd.Enqueue(window);
            }

            window.Used += cost;
            return new RateLimitState(rule, window.Used, window.EndsAt, window.EndsAt - now);
        }
    }

    private sealed class Window(string key, DateTimeOffset endsAt)
    {
        public string Key => key;

        public DateTimeOffset EndsAt => endsAt;

        public long Used { get; set; }
    }
}

/// <summary>How a counter stands after a request.</summary>
/// <param name="Rule">Its rule.</param>
/// <param name="Used">Points used in the window.</param>
/// <param name="ResetsAt">End of the window.</param>
/// <param name="Left">Time until then.</param>
internal readonly record struct RateLimitState(RateLimitRule Rule, long Used, DateTimeOffset ResetsAt, TimeSpan Left)
{
    /// <summary>Points that are left, 0 or more.</summary>
    public long Remaining => Math.Max(0, Rule.Points - Used);

    /// <summary>Whether the request was one too many.</summary>
    public bool IsExceeded => Used > Rule.Points;
}
