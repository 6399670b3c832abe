using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pds.Infrastructure.Crypto;

/// <summary>
/// The 16 MiB that a password hash takes. To get them anew for each hash would cost a fifth of it in page faults, to keep them would be most of
/// what a small machine has: so they are kept while hashes follow each other, and given back after a quiet while.
/// </summary>
internal sealed unsafe class ScryptMemory : IDisposable
{
    private const int Alignment = 64;

    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentStack<nint> _idle = [];
    private readonly int _vectors;
    private readonly ITimer _quiet;

    /// <summary>Prepares to lend memory.</summary>
    /// <param name="vectors">How much one hash takes.</param>
    /// <param name="time">Tells when it has been quiet.</param>
    public ScryptMemory(int vectors, TimeProvider time)
    {
        _vectors = vectors;
        _quiet = time.CreateTimer(static state => ((ScryptMemory)state!).Free(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Does work that takes memory of unknown content, and clears nothing: that is for the work to do.</summary>
    public void Use(Action<Span<Vector128<uint>>> work)
    {
        if (!_idle.TryPop(out nint memory))
        {
            memory = (nint)NativeMemory.AlignedAlloc((nuint)_vectors * (nuint)sizeof(Vector128<uint>), Alignment);
        }

        try
        {
            work(new Span<Vector128<uint>>((void*)memory, _vectors));
        }
        finally
        {
            _idle.Push(memory);
            _quiet.Change(QuietLimit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _quiet.Dispose();
        Free();
    }

    private void Free()
    {
        while (_idle.TryPop(out nint memory))
        {
            NativeMemory.AlignedFree((void*)memory);
        }
    }
}
