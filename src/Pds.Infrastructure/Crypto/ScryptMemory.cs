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

    private readonly ConcurrentStack<(nint Start, int Vectors)> _idle = [];
    private readonly ITimer _quiet;

    /// <summary>Prepares to lend memory.</summary>
    /// <param name="time">Tells when it has been quiet.</param>
    public ScryptMemory(TimeProvider time) =>
        _quiet = time.CreateTimer(static state => ((ScryptMemory)state!).Free(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Lends memory of unknown content.</summary>
    /// <param name="vectors">How much.</param>
    public Lease Take(int vectors)
    {
        while (_idle.TryPop(out (nint Start, int Vectors) kept))
        {
            if (kept.Vectors == vectors)
            {
                return new Lease(this, kept.Start, vectors);
            }

            NativeMemory.AlignedFree((void*)kept.Start);
        }

        return new Lease(this, (nint)NativeMemory.AlignedAlloc((nuint)vectors * (nuint)sizeof(Vector128<uint>), Alignment), vectors);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _quiet.Dispose();
        Free();
    }

    private void Return(nint start, int vectors)
    {
        _idle.Push((start, vectors));
        _quiet.Change(QuietLimit, Timeout.InfiniteTimeSpan);
    }

    private void Free()
    {
        while (_idle.TryPop(out (nint Start, int Vectors) kept))
        {
            NativeMemory.AlignedFree((void*)kept.Start);
        }
    }

    /// <summary>Lent memory, until it is disposed of.</summary>
    public readonly ref struct Lease(ScryptMemory memory, nint start, int vectors)
    {
        public Span<Vector128<uint>> Vectors => new((void*)start, vectors);

        public void Dispose() => memory.Return(start, vectors);
    }
}
