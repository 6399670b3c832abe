using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pds.Domain.OAuth;

/// <summary>Proof keys for code exchange, method S256 only.</summary>
/// <remarks>Source: RFC 7636.</remarks>
public static class Pkce
{
    private const int MinVerifier = 43;
    private const int MaxVerifier = 128;

    /// <summary>Whether a text is the base64url form of a SHA-256, without padding.</summary>
    public static bool IsChallenge(string? text) => text is { Length: 43 } && TryDecode(text, stackalloc byte[SHA256.HashSizeInBytes + 1]);

    /// <summary>Whether a verifier is well formed and belongs to a challenge; digests are compared, not texts.</summary>
    public static bool IsMatch(string verifier, string challenge)
    {
        if (verifier.Length is < MinVerifier or > MaxVerifier || !verifier.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~'))
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes + 1];
        return TryDecode(challenge, expected)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)), expected[..SHA256.HashSizeInBytes]);
    }

    private static bool TryDecode(string text, Span<byte> digest) =>
        Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, digest, out int length) && length == SHA256.HashSizeInBytes;
}
