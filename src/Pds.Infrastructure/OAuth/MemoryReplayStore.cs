using System.Security.Cryptography;
using System.Text;
using Pds.Application.OAuth;

namespace Pds.Infrastructure.OAuth;

/// <summary>Remembers in this process what may be used once. When there is no more room, what would be forgotten first is forgotten now.</summary>
internal sealed class MemoryReplayStore(TimeProvider time) : IReplayStore
{
    /// <summary>Most texts that are remembered; about 40 MB.</summary>
    internal const int Capacity = 500_000;

    private readonly Lock _gate = new();
    private readonly HashSet<UInt128> _known = [];
    private readonly PriorityQueue<UInt128, long> _byEnd = new();

    public ValueTask<bool> TryAddAsync(string kind, string text, TimeSpan lifetime, CancellationToken cancellationToken) => new(TryAdd(kind, text, lifetime));

    private bool TryAdd(string kind, string text, TimeSpan lifetime)
    {
        UInt128 key = Digest($"{kind} {text}");
        long now = time.GetUtcNow().UtcTicks;
        lock (_gate)
        {
            while (_byEnd.TryPeek(out UInt128 oldest, out long end) && (end <= now || _byEnd.Count >= Capacity))
            {
                _byEnd.Dequeue();
                _known.Remove(oldest);
            }

            if (!_known.Add(key))
            {
                return false;
            }

            _byEnd.Enqueue(key, now + lifetime.Ticks);
            return true;
        }
    }

    private static UInt128 Digest(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return new UInt128(BitConverter.ToUInt64(digest), BitConverter.ToUInt64(digest[8..]));
    }
}
