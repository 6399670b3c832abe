using Pds.Application.Sync;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Sync;

/// <summary>Serves recent events from memory and older ones from the database, along one cursor.</summary>
internal sealed class EventLog(ReadPool readers) : IEventLog
{
    /// <summary>How many bytes of ready frames stay in memory.</summary>
    private const long RecentBytes = 8 * 1024 * 1024;

    /// <summary>At most so many frames in one page.</summary>
    private const int PageFrames = 500;

    private readonly Lock _lock = new();
    private SequencedFrame[] _recent = new SequencedFrame[1024];
    private int _start;
    private int _count;
    private long _bytes;
    private long _recentAfter; // the cursor from which on _recent is complete
    private EventPage _latest = new([]); // what was published last: one page for all who have had everything before
    private long _latestBytes;
    private long _latestAfter;
    private long _lastSeq;
    private TaskCompletionSource _more = NewSignal();

    public long LastSeq => Volatile.Read(ref _lastSeq);

    /// <summary>Moves on to the number at which the database stands, if that is further than what was published; what lies between is read from there.</summary>
    public void MoveTo(long lastSeq)
    {
        lock (_lock)
        {
            if (lastSeq > _lastSeq)
            {
                Forget(lastSeq);
                _lastSeq = lastSeq;
            }
        }
    }

    /// <summary>Makes durable events visible to subscribers and wakes them.</summary>
    public void Publish(IReadOnlyList<Event> events)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            _latestAfter = _lastSeq;
            foreach (Event sequenced in events)
            {
                Keep(sequenced);
                _lastSeq = Math.Max(_lastSeq, sequenced.Seq);
            }

            _latest = _recentAfter <= _latestAfter ? CopyRecent(_latestAfter, int.MaxValue) : new([]);
            _latestBytes = _latest.Frames.Sum(frame => (long)frame.Frame.Length);

            (more, _more) = (_more, NewSignal());
        }

        ThreadPool.UnsafeQueueUserWorkItem(static waiters => waiters.SetResult(), more, preferLocal: false);
    }

    public ValueTask<EventPage> ReadAsync(long after, int maxBytes, CancellationToken cancellationToken)
    {
        long last;
        lock (_lock)
        {
            if (after >= _lastSeq)
            {
                return new(new EventPage([]));
            }

            if (after >= _recentAfter)
            {
                return new(after == _latestAfter && _latest.Frames.Count > 0 && _latestBytes <= maxBytes ? _latest : CopyRecent(after, maxBytes));
            }

            last = _lastSeq;
        }

        using ReadLease lease = readers.Rent();
        return new(lease.Part<EventReader>().Read(after, last, PageFrames, maxBytes));
    }

    public ValueTask<long> FindFirstSinceAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        using ReadLease lease = readers.Rent();
        return new(lease.Part<EventReader>().FindFirstSince(time.ToUnixTimeMilliseconds()) ?? LastSeq + 1);
    }

    public ValueTask WaitAsync(long after, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _lastSeq > after ? ValueTask.CompletedTask : new ValueTask(_more.Task.WaitAsync(cancellationToken));
        }
    }

    // All who wait go on within one item of the pool: to queue one for each of them would cost more than what they then do.
    private static TaskCompletionSource NewSignal() => new();

    private void Keep(Event sequenced)
    {
        if (sequenced.Body is null)
        {
            // Frames in memory do not say whose they are, so after a purge readers go to the database, which leaves those rows out.
            Forget(sequenced.Seq);
            return;
        }

        if (_count == _recent.Length)
        {
            Grow();
        }

        SequencedFrame made = sequenced.ToFrame();
        _recent[(_start + _count++) & (_recent.Length - 1)] = made;
        _bytes += made.Frame.Length;
        while (_bytes > RecentBytes && _count > 1)
        {
            SequencedFrame oldest = _recent[_start];
            _recent[_start] = default;
            _start = (_start + 1) & (_recent.Length - 1);
            _count--;
            _bytes -= oldest.Frame.Length;
            _recentAfter = oldest.Seq;
        }
    }

    private void Forget(long recentAfter)
    {
        Array.Clear(_recent);
        (_start, _count, _bytes) = (0, 0, 0);
        _recentAfter = recentAfter;
    }

    private void Grow()
    {
        var grown = new SequencedFrame[_recent.Length * 2];
        for (int i = 0; i < _count; i++)
        {
            grown[i] = _recent[(_start + i) & (_recent.Length - 1)];
        }

        (_recent, _start) = (grown, 0);
    }

    private EventPage CopyRecent(long after, int maxBytes)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_recent[(_start + middle) & (_recent.Length - 1)].Seq <= after)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        var page = new List<SequencedFrame>();
        int left = maxBytes;
        for (int i = low; i < _count && page.Count < PageFrames; i++)
        {
            SequencedFrame next = _recent[(_start + i) & (_recent.Length - 1)];
            left -= next.Frame.Length;
            if (left < 0)
            {
                return page.Count == 0 ? new EventPage([], next.Frame.Length) : new EventPage(page);
            }

            page.Add(next);
        }

        return new EventPage(page);
    }
}
