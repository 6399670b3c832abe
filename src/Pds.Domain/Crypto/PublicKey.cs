using System.Diagnostics.CodeAnalysis;

namespace Pds.Domain.Crypto;

/// <summary>A public key on one of the two curves, held as its compressed point.</summary>
/// <remarks>
/// Whether the point lies on the curve is found out by whoever verifies with it: signatures of an impossible key are simply never good.
/// <para>Source: <see href="https://atproto.com/specs/cryptography"/></para>
/// </remarks>
public sealed class PublicKey : IEquatable<PublicKey>
{
    /// <summary>Length in bytes of a compressed point.</summary>
    public const int CompressedLength = 33;

    /// <summary>Length in bytes of an uncompressed point.</summary>
    public const int UncompressedLength = 65;

    private const string DidKeyPrefix = "did:key:";

    private readonly byte[] _compressed;
    private string? _multikey;

    private PublicKey(KeyCurve curve, byte[] compressed)
    {
        Curve = curve;
        _compressed = compressed;
    }

    /// <summary>The curve it lies on.</summary>
    public KeyCurve Curve { get; }

    /// <summary>The point in SEC1 compressed form, 33 bytes.</summary>
    public ReadOnlySpan<byte> Compressed => _compressed;

    /// <summary>The JWT algorithm of its signatures: <c>ES256K</c> or <c>ES256</c>.</summary>
    public string JwtAlgorithm => Curve == KeyCurve.Secp256k1 ? "ES256K" : "ES256";

    /// <summary>Takes a point in SEC1 compressed form.</summary>
    /// <param name="curve">The curve it lies on.</param>
    /// <param name="compressed">33 bytes, the first one 2 or 3.</param>
    /// <exception cref="ArgumentException">Not of that form.</exception>
    public static PublicKey FromCompressed(KeyCurve curve, ReadOnlySpan<byte> compressed) =>
        TryFromPoint(curve, compressed, out PublicKey? key) && compressed.Length == CompressedLength
            ? key
            : throw new ArgumentException("Not a compressed point.", nameof(compressed));

    /// <summary>Reads a point in SEC1 form, compressed (33 bytes) or uncompressed (65 bytes).</summary>
    public static bool TryFromPoint(KeyCurve curve, ReadOnlySpan<byte> point, [NotNullWhen(true)] out PublicKey? key)
    {
        key = point switch
        {
            { Length: CompressedLength } when point[0] is 2 or 3 => new PublicKey(curve, point.ToArray()),
            { Length: UncompressedLength } when point[0] is 4 => new PublicKey(curve, [(byte)(2 | (point[^1] & 1)), .. point[1..CompressedLength]]),
            _ => null,
        };
        return key is not null;
    }

    /// <summary>Reads a <c>did:key</c> of either curve.</summary>
    public static bool TryParseDidKey(string? text, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return text is not null
            && text.StartsWith(DidKeyPrefix, StringComparison.Ordinal)
            && TryParseMultikey(text.AsSpan(DidKeyPrefix.Length), out key);
    }

    /// <summary>Reads the <c>publicKeyMultibase</c> of a <c>Multikey</c>: <c>z</c>, then base58btc of multicodec and compressed point.</summary>
    public static bool TryParseMultikey(string? text, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return text is not null && TryParseMultikey(text.AsSpan(), out key);
    }

    /// <summary>
    /// Reads the <c>publicKeyMultibase</c> of an <c>EcdsaSecp256k1VerificationKey2019</c> or <c>EcdsaSecp256r1VerificationKey2019</c>:
    /// <c>z</c>, then base58btc of the point alone, usually uncompressed.
    /// </summary>
    /// <param name="curve">The curve, which the type of the verification method tells.</param>
    /// <param name="text">The multibase text.</param>
    /// <param name="key">The key.</param>
    public static bool TryParseLegacyMultibase(KeyCurve curve, string? text, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return text is ['z', ..] && Base58.TryDecode(text.AsSpan(1), out byte[] point) && TryFromPoint(curve, point, out key);
    }

    /// <summary>The multibase text of a <c>Multikey</c>.</summary>
    public string ToMultikey() => _multikey ??= "z" + Base58.Encode([.. Multicodec(Curve), .. _compressed]);

    /// <summary>The text <c>did:key:z…</c>.</summary>
    public string ToDidKey() => DidKeyPrefix + ToMultikey();

    /// <inheritdoc cref="ToDidKey"/>
    public override string ToString() => ToDidKey();

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) => other is not null && Curve == other.Curve && Compressed.SequenceEqual(other.Compressed);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_compressed);
        return hash.ToHashCode();
    }

    private static bool TryParseMultikey(ReadOnlySpan<char> text, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        if (text is not ['z', ..] || !Base58.TryDecode(text[1..], out byte[] bytes) || bytes.Length != 2 + CompressedLength)
        {
            return false;
        }

        ReadOnlySpan<byte> multicodec = bytes.AsSpan(0, 2);
        foreach (KeyCurve curve in (ReadOnlySpan<KeyCurve>)[KeyCurve.Secp256k1, KeyCurve.P256])
        {
            if (multicodec.SequenceEqual(Multicodec(curve)))
            {
                return TryFromPoint(curve, bytes.AsSpan(2), out key);
            }
        }

        return false;
    }

    /// <summary>Varints of 0xe7 and 0x1200.</summary>
    private static ReadOnlySpan<byte> Multicodec(KeyCurve curve) => curve == KeyCurve.Secp256k1 ? [0xe7, 0x01] : [0x80, 0x24];
}
