using Pds.Api.RateLimits;
using Pds.Application.Settings;

namespace Pds.Api.Sync;

/// <summary>
/// Bounds the bytes of events that are on their way to all subscribers together. Each reserves what it is going to read and send; where there is no room, the
/// one whose peer has not taken anything for the longest time is cut off, so that those who read never wait for those who do not.
/// </summary>
internal sealed class SubscriberMemory(FirehoseSettings options, CapacitySettings capacity, TimeProvider time)
{
    private const int MinPageBytes = 16 * 1024;
    private const int MaxPageBytes = 256 * 1024;

    /// <summary>All subscribers together may read pages of this part of the bound.</summary>
    private const int PagesPart = 4;

    /// <summary>What they keep for as long as they stay may take this part of it: whoever cannot be cut off must leave room for the others.</summary>
    private const int KeptPart = 4;

    /// <summary>Everybody's socket is full for a moment now and then.</summary>
    private static readonly TimeSpan MinStall = TimeSpan.FromSeconds(1);

    private readonly FirehoseSettings _options = options;
    private readonly int _sharePercent = capacity.MaxSharePercent;
    private readonly TimeProvider _time = time;
    private readonly Lock _lock = new();
    private readonly HashSet<Share> _shares = [];
    private readonly Dictionary<UInt128, long> _keptBy = [];
    private int _pageBytes = MaxPageBytes;
    private long _used;
    private long _kept;
    private TaskCompletionSource _released = NewSignal();

    /// <summary>How large a page a subscriber should read: the smaller, the more of them there are.</summary>
    public int PageBytes => Volatile.Read(ref _pageBytes);

    /// <summary>Bytes that are reserved now.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>Admits a subscriber, which holds nothing yet.</summary>
    /// <param name="cutOff">Ends it at once. Called on another subscriber's thread, perhaps more than once.</param>
    public Share Join(Action cutOff)
    {
        var share = new Share(this, cutOff);
        lock (_lock)
        {
            _shares.Add(share);
            SetPageBytes();
        }

        return share;
    }

    /// <summary>Admits what a subscriber keeps beside the events that are on their way to it.</summary>
    /// <param name="network">Where it comes from, by <see cref="ClientNetworks"/>; 0 for an address without a share.</param>
    public KeptShare Keep(UInt128 network) => new(this, network);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Called under the lock.
    private void SetPageBytes() =>
        Volatile.Write(ref _pageBytes, (int)Math.Clamp(_options.MaxSubscriberBytes / PagesPart / Math.Max(1, _shares.Count), MinPageBytes, MaxPageBytes));

    // Called under the lock.
    private void Resize(Share share, long bytes)
    {
        _used += bytes - share.Held;
        bool isLess = bytes < share.Held;
        share.Held = bytes;
        if (isLess)
        {
            _released.TrySetResult();
        }
    }

    private async ValueTask ReserveAsync(Share share, long bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Share? slowest;
            Task released;
            lock (_lock)
            {
                long others = _used - share.Held;
                if (others == 0 || others + bytes + _kept <= _options.MaxSubscriberBytes)
                {
                    Resize(share, bytes);
                    return;
                }

                Resize(share, 0);
                slowest = FindSlowest();
                _released = _released.Task.IsCompleted ? NewSignal() : _released;
                released = _released.Task;
            }

            slowest?.CutOff();
            try
            {
                await released.WaitAsync(MinStall, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // somebody may have stalled for long enough by now
            }
        }
    }

    // Called under the lock.
    private void NoteKept(UInt128 network, long bytes)
    {
        if (bytes == 0)
        {
            _keptBy.Remove(network);
        }
        else
        {
            _keptBy[network] = bytes;
        }
    }

    private Share? FindSlowest() =>
        _shares.Where(share => share.Held > 0 && share.StalledSince is { } since && _time.GetElapsedTime(since) >= MinStall).MinBy(share => share.StalledSince);

    /// <summary>What one subscriber holds.</summary>
    internal sealed class Share(SubscriberMemory memory, Action cutOff) : IDisposable
    {
        /// <summary>Bytes reserved; guarded by the lock of the whole.</summary>
        internal long Held { get; set; }

        /// <summary>Since when its peer has taken nothing; <see langword="null"/> while nothing waits for it.</summary>
        internal long? StalledSince { get; private set; }

        /// <summary>Reserves so many bytes in the place of those reserved before; waits until there is room.</summary>
        public ValueTask ReserveAsync(long bytes, CancellationToken cancellationToken) => memory.ReserveAsync(this, bytes, cancellationToken);

        /// <summary>Reserves so many bytes in the place of those reserved before, if there is room.</summary>
        public bool TryReserve(long bytes)
        {
            lock (memory._lock)
            {
                if (bytes > Held && memory._used - Held + bytes > memory._options.MaxSubscriberBytes)
                {
                    return false;
                }

                memory.Resize(this, bytes);
                return true;
            }
        }

        /// <summary>Notes that the peer makes the subscriber wait, or does not any more.</summary>
        public void SetStalled(bool isStalled)
        {
            lock (memory._lock)
            {
                StalledSince = isStalled ? memory._time.GetTimestamp() : null;
            }
        }

        public void CutOff() => cutOff();

        public void Dispose()
        {
            lock (memory._lock)
            {
                memory.Resize(this, 0);
                memory._shares.Remove(this);
                memory.SetPageBytes();
            }
        }
    }

    /// <summary>What one subscriber keeps for as long as it stays, whether it reads or not.</summary>
    internal sealed class KeptShare(SubscriberMemory memory, UInt128 network) : IDisposable
    {
        private long _held;

        /// <summary>Reserves so many bytes in the place of those reserved before, if there is room for all and for its address.</summary>
        public bool TryReserve(long bytes)
        {
            lock (memory._lock)
            {
                long limit = memory._options.MaxSubscriberBytes / KeptPart;
                long kept = memory._kept - _held + bytes;
                long keptByNetwork = memory._keptBy.GetValueOrDefault(network) - _held + bytes;
                bool isOverShare = network != UInt128.Zero && keptByNetwork > limit * memory._sharePercent / 100;
                if (bytes > _held && (kept > limit || isOverShare))
                {
                    return false;
                }

                (memory._kept, _held) = (kept, bytes);
                memory.NoteKept(network, keptByNetwork);
                return true;
            }
        }

        public void Dispose() => TryReserve(0);
    }
}
