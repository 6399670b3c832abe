using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Pds.Infrastructure.Crypto;

/// <summary>scrypt (RFC 7914) with the four columns of Salsa20 side by side in vectors: half the time of OpenSSL's, which takes word by word.</summary>
internal static class VectorScrypt
{
    /// <summary>A Salsa20 block of 64 bytes.</summary>
    private const int BlockVectors = 4;

    /// <summary>Which words of a block lie side by side: its diagonals, so that a round works on whole vectors.</summary>
    private static ReadOnlySpan<byte> Diagonals => [0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11];

    /// <summary>Whether this machine has what it takes.</summary>
    public static bool IsSupported => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    /// <summary>How many vectors of working memory a derivation needs.</summary>
    public static int MemoryVectors(int cost, int blockSize) => (cost + 2) * 2 * blockSize * BlockVectors;

    /// <summary>Derives a key.</summary>
    /// <param name="password">The password, UTF-8.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="cost">N, a power of two.</param>
    /// <param name="blockSize">r.</param>
    /// <param name="parallelization">p.</param>
    /// <param name="memory"><see cref="MemoryVectors"/> vectors; cleared at the end.</param>
    /// <param name="key">Receives the key.</param>
    public static void Derive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<Vector128<uint>> memory, Span<byte> key)
    {
        int lane = 128 * blockSize;
        byte[] blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, parallelization * lane);
        for (int i = 0; i < parallelization; i++)
        {
            Mix(MemoryMarshal.Cast<byte, uint>(blocks.AsSpan(i * lane, lane)), cost, memory);
        }

        Rfc2898DeriveBytes.Pbkdf2(password, blocks, key, 1, HashAlgorithmName.SHA256);
        CryptographicOperations.ZeroMemory(blocks);
        memory.Clear();     // whoever read it could try passwords without the cost
    }

    /// <summary>scryptROMix. N is even, so two steps lead from one buffer to the other and back.</summary>
    private static void Mix(Span<uint> words, int cost, Span<Vector128<uint>> memory)
    {
        int length = words.Length / Vector128<uint>.Count;
        Span<Vector128<uint>> first = memory.Slice(cost * length, length);
        Span<Vector128<uint>> second = memory.Slice((cost + 1) * length, length);
        Span<uint> ordered = MemoryMarshal.Cast<Vector128<uint>, uint>(first);
        for (int i = 0; i < words.Length; i++)
        {
            ordered[i] = words[(i & ~15) + Diagonals[i & 15]];
        }

        for (int i = 0; i < cost; i += 2)
        {
            first.CopyTo(memory[(i * length)..]);
            MixBlocks(first, second);
            second.CopyTo(memory[((i + 1) * length)..]);
            MixBlocks(second, first);
        }

        for (int i = 0; i < cost; i += 2)
        {
            Add(first, memory.Slice(Choose(first, cost) * length, length));
            MixBlocks(first, second);
            Add(second, memory.Slice(Choose(second, cost) * length, length));
            MixBlocks(second, first);
        }

        for (int i = 0; i < words.Length; i++)
        {
            words[(i & ~15) + Diagonals[i & 15]] = ordered[i];
        }
    }

    /// <summary>Integerify modulo N: the first word of the last block.</summary>
    private static int Choose(Span<Vector128<uint>> blocks, int cost) => (int)(blocks[^BlockVectors][0] & (uint)(cost - 1));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<Vector128<uint>> blocks, ReadOnlySpan<Vector128<uint>> other)
    {
        for (int i = 0; i < blocks.Length && i < other.Length; i++)
        {
            blocks[i] ^= other[i];
        }
    }

    /// <summary>scryptBlockMix with Salsa20/8: the even blocks of the result come first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixBlocks(ReadOnlySpan<Vector128<uint>> source, Span<Vector128<uint>> target)
    {
        int half = source.Length / 2;
        Vector128<uint> a = source[^4], b = source[^3], c = source[^2], d = source[^1];
        for (int i = 0; i < source.Length; i += BlockVectors)
        {
            Vector128<uint> a0 = a ^= source[i], b0 = b ^= source[i + 1], c0 = c ^= source[i + 2], d0 = d ^= source[i + 3];
            for (int round = 0; round < 8; round += 2)
            {
                b ^= Rotate(a + d, 7);
                c ^= Rotate(b + a, 9);
                d ^= Rotate(c + b, 13);
                a ^= Rotate(d + c, 18);
                b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
                c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
                d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
                d ^= Rotate(a + b, 7);
                c ^= Rotate(d + a, 9);
                b ^= Rotate(c + d, 13);
                a ^= Rotate(b + c, 18);
                b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0));
                c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
                d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
            }

            int at = (i / 2 & ~(BlockVectors - 1)) + ((i & BlockVectors) == 0 ? 0 : half);
            target[at] = a += a0;
            target[at + 1] = b += b0;
            target[at + 2] = c += c0;
            target[at + 3] = d += d0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> words, int bits) => (words << bits) | (words >>> (32 - bits));
}
