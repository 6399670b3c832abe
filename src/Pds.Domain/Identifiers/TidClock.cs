namespace Pds.Domain.Identifiers;

/// <summary>Gives TIDs that strictly increase, also when the wall clock stalls or steps back. Safe for parallel callers, without locks.</summary>
/// <remarks>Two clocks with different ids never give the same TID, so each process composes one with a random id.</remarks>
public sealed class TidClock
{
    private readonly TimeProvider _time;
    private readonly int _clockId;
    private long _lastMicroseconds = -1;

    /// <summary>A clock that has given nothing yet.</summary>
    /// <param name="time">Where the time comes from.</param>
    /// <param name="clockId">Part of every TID, 0 to 1023.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id is outside of 0 to 1023.</exception>
    public TidClock(TimeProvider time, int clockId)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfNegative(clockId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clockId, Tid.MaxClockId);
        _time = time;
        _clockId = clockId;
    }

    /// <summary>A TID greater than every one this method gave before.</summary>
    public Tid Next()
    {
        long now = (_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        long last = Volatile.Read(ref _lastMicroseconds);
        while (true)
        {
            long next = Math.Max(now, last + 1);
            long seen = Interlocked.CompareExchange(ref _lastMicroseconds, next, last);
            if (seen == last)
            {
                return Tid.Create(next, _clockId);
            }

            last = seen;
        }
    }

    /// <summary>A TID greater than <paramref name="previous"/>: the next one of this clock, or one microsecond after <paramref name="previous"/> where that is ahead of it.</summary>
    /// <remarks>
    /// A revision from the future, as an imported repository may have, does not move the clock: it would otherwise
    /// drag the TIDs of everybody else along. Order holds for each chain of revisions, which is all that a revision needs.
    /// </remarks>
    /// <exception cref="InvalidOperationException"><paramref name="previous"/> is the last microsecond there is.</exception>
    public Tid NextAfter(Tid? previous)
    {
        Tid next = Next();
        if (previous is not { } floor || next > floor)
        {
            return next;
        }

        if (floor.UnixMicroseconds == Tid.MaxUnixMicroseconds)
        {
            throw new InvalidOperationException("There is no TID after the given one.");
        }

        return Tid.Create(floor.UnixMicroseconds + 1, _clockId);
    }
}
