using System.Diagnostics;
using System.Numerics;

namespace Pds.Fuzz;

/// <summary>Something that must not happen, and the first input that made it happen.</summary>
/// <param name="Input">The input.</param>
/// <param name="What">The exception, or the bound that was passed.</param>
internal sealed record Finding(byte[] Input, string What);

/// <summary>Gives one target mutated inputs, as many as wanted. The same seed gives the same inputs.</summary>
internal sealed class FuzzRun
{
    private const int MaxFindings = 20;
    private const int MaxKept = 512;
    private const int ReasonLength = 32;

    /// <summary>Longest time that one input may take, where time is judged at all.</summary>
    public static readonly TimeSpan DefaultMaxTime = TimeSpan.FromMilliseconds(100);

    private readonly FuzzTarget _target;
    private readonly TimeSpan _maxTime;
    private readonly Randomness _random;
    private readonly Mutator _mutator;
    private readonly List<byte[]> _pool;
    private readonly HashSet<ulong> _seen = [];
    private readonly HashSet<string> _causes = new(StringComparer.Ordinal);

    public FuzzRun(FuzzTarget target, ulong seed, TimeSpan maxTime)
    {
        _target = target;
        _maxTime = maxTime;
        _random = new Randomness(seed);
        _mutator = new Mutator(_random, target.Tokens, target.MaxLength);
        _pool = [.. Corpus.Of(target)];
    }

    public List<Finding> Findings { get; } = [];

    public long Inputs { get; private set; }

    public long Taken { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    /// <summary>Longest time of one input, of the fastest of three tries where it seemed long.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Gives the corpus as it is.</summary>
    public FuzzRun Replay()
    {
        foreach (byte[] input in _pool.ToArray())
        {
            Give(input);
        }

        return this;
    }

    /// <summary>Gives mutated inputs until there were so many, or the time is over.</summary>
    public FuzzRun Mutate(long inputs, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < inputs && Findings.Count < MaxFindings; i++)
        {
            if ((i & 255) == 0 && Stopwatch.GetElapsedTime(start) > time)
            {
                break;
            }

            Memory<byte> input = _mutator.Next(_pool);
            if (_random.Next(8) != 0)
            {
                _target.Repair(input.Span);
            }

            Give(input);
        }

        Elapsed += Stopwatch.GetElapsedTime(start);
        return this;
    }

    private void Give(ReadOnlyMemory<byte> input)
    {
        Inputs++;
        try
        {
            string? reason = Measure(input);
            Taken += reason is null ? 1 : 0;
            Remember(input, reason);
        }
#pragma warning disable CA1031 // Whatever comes out of a target is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            string cause = $"{e.GetType().Name}: {(e is BrokenPromiseException ? e.Message : e.StackTrace?.Split('\n')[0].Trim())}";
            if (_causes.Add(cause))
            {
                Findings.Add(new Finding(input.ToArray(), e.ToString()));
            }
        }
    }

    private string? Measure(ReadOnlyMemory<byte> input)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        string? reason = _target.Read(input);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        // The machine has other work, and buffers are made once: what seems too much is tried again.
        for (int more = 2; more > 0 && (time > _maxTime || allocated > _target.MaxAllocation(input.Length)); more--)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            start = Stopwatch.GetTimestamp();
            _target.Read(input);
            time = TimeSpan.FromTicks(Math.Min(time.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Promise.Holds(time <= _maxTime, "An input takes longer than 100 ms.");
        Promise.Holds(allocated <= _target.MaxAllocation(input.Length), "An input makes the reader allocate more than its bound.");
        Longest = time > Longest ? time : Longest;
        return reason;
    }

    /// <summary>An input that is refused for a new reason, or is taken at a new length, is worth mutating further.</summary>
    private void Remember(ReadOnlyMemory<byte> input, string? reason)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in reason.AsSpan(0, Math.Min(ReasonLength, reason?.Length ?? 0)))
        {
            hash = (hash ^ c) * 1099511628211;
        }

        if (_seen.Add((hash << 6) | (uint)BitOperations.Log2((uint)input.Length | 1)) && _seen.Count <= MaxKept)
        {
            _pool.Add(input.ToArray());
        }
    }
}
