using System.Buffers;
using System.Text;

namespace Pds.Domain.Repositories.Mst;

/// <summary>Keys of the tree: repository paths, <c>collection/rkey</c>, as ASCII bytes in ordinal order.</summary>
internal static class MstKey
{
    /// <summary>The greatest length of a key, in bytes.</summary>
    public const int MaxLength = 1024;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_~-:."u8);

    /// <summary>Whether the bytes are two non-empty halves of legal characters parted by one slash.</summary>
    public static bool IsValid(ReadOnlySpan<byte> key)
    {
        int slash = key.IndexOf((byte)'/');
        return key.Length <= MaxLength
            && slash > 0
            && slash < key.Length - 1
            && !key[..slash].ContainsAnyExcept(Allowed)
            && !key[(slash + 1)..].ContainsAnyExcept(Allowed);
    }

    /// <summary>The bytes of a path.</summary>
    /// <exception cref="ArgumentException">The path is no legal key.</exception>
    public static byte[] Encode(string path)
    {
        byte[] key = new byte[path.Length];
        return TryEncode(path, key) ? key : throw new ArgumentException("Not a repository path.", nameof(path));
    }

    /// <summary>Writes the bytes of a path; false when it is no legal key.</summary>
    /// <param name="path">The path.</param>
    /// <param name="key">Takes the bytes; as long as the path.</param>
    public static bool TryEncode(string path, Span<byte> key) =>
        Ascii.FromUtf16(path, key, out int written) == OperationStatus.Done && IsValid(key[..written]);

    /// <summary>The path of a key.</summary>
    public static string Decode(ReadOnlySpan<byte> key) => Encoding.ASCII.GetString(key);

    /// <summary>How many leading bytes two keys share.</summary>
    public static int CommonPrefix(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => left.CommonPrefixLength(right);
}
