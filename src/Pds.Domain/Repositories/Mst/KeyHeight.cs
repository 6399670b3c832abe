using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Pds.Domain.Repositories.Mst;

/// <summary>The height of a key: the layer of the tree it lives in.</summary>
/// <remarks>
/// The number of leading zero bits of the key's SHA-256, halved and rounded down, so that a layer has about a quarter of the keys of
/// the layer below it. 0 is the layer of the leaves, 128 the greatest height there can be.
/// </remarks>
internal static class KeyHeight
{
    /// <summary>The greatest height: that of a key whose hash is all zeros.</summary>
    public const int Max = 8 * SHA256.HashSizeInBytes / BitsPerLayer;

    private const int BitsPerLayer = 2;

    /// <summary>The height of a key, 0 to <see cref="Max"/>.</summary>
    public static int Of(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, digest);
        int zeros = 0;
        for (int i = 0; i < digest.Length; i += sizeof(ulong))
        {
            ulong chunk = BinaryPrimitives.ReadUInt64BigEndian(digest[i..]);
            zeros += BitOperations.LeadingZeroCount(chunk);
            if (chunk != 0)
            {
                break;
            }
        }

        return zeros / BitsPerLayer;
    }
}
