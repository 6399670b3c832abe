using System.Numerics;

namespace Pds.Fuzz;

/// <summary>xoshiro256**: the same numbers for the same seed on every machine.</summary>
internal sealed class Randomness
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Randomness(ulong seed)
    {
        _a = Spread(ref seed);
        _b = Spread(ref seed);
        _c = Spread(ref seed);
        _d = Spread(ref seed);
    }

    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 to below the bound, which is at least 1.</summary>
    public int Next(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public void Fill(Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Next(256);
        }
    }

    private static ulong Spread(ref ulong seed)
    {
        seed += 0x9e3779b97f4a7c15;
        ulong z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
