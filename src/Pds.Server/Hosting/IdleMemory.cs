namespace Pds.Server.Hosting;

/// <summary>
/// Gives back what a busy time took, once a quiet minute has come. The collector only looks when something is allocated, so by itself a server that was busy
/// for a minute would hold the memory of that minute for days. Process-wide, so the host does it and never the library.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    /// <summary>Bytes allocated in a minute up to which it is quiet: subscribers being told that the server is there, monitors asking for its health.</summary>
    internal const long Quiet = 4 * 1024 * 1024;

    /// <summary>Bytes allocated since the last time from which on it pays.</summary>
    internal const long Busy = 64 * 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long _seen;
    private long _givenBack;

    /// <summary>Collects everything and returns what is free to the system.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        NativeHeap.ReturnFreeBlocks();
    }

    /// <summary>Whether a quiet minute has followed upon a busy time.</summary>
    /// <param name="allocated">Bytes that the process has allocated so far, a minute after the last call.</param>
    internal bool IsDue(long allocated)
    {
        bool isDue = allocated - _seen <= Quiet && allocated - _givenBack >= Busy;
        _seen = allocated;
        if (isDue)
        {
            _givenBack = allocated;
        }

        return isDue;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (IsDue(GC.GetTotalAllocatedBytes()))
            {
                GiveBack();
            }
        }
    }
}
