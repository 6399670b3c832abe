using System.Numerics;
using Pds.Domain.Crypto;

namespace Pds.Cryptography;

/// <summary>The order n of each curve's group: which scalars there are, and which half of them a low-S signature may use.</summary>
internal static class CurveOrder
{
    /// <summary>Length in bytes of a scalar.</summary>
    public const int ScalarLength = 32;

    /// <summary>Whether 32 big-endian bytes are between 1 and n - 1.</summary>
    public static bool IsScalar(KeyCurve curve, ReadOnlySpan<byte> value) =>
        value.Length == ScalarLength && value.ContainsAnyExcept((byte)0) && value.SequenceCompareTo(Of(curve)) < 0;

    /// <summary>Whether a compact signature has r and s in range.</summary>
    public static bool IsSignature(KeyCurve curve, ReadOnlySpan<byte> signature) =>
        signature.Length == ISigner.SignatureLength && IsScalar(curve, signature[..ScalarLength]) && IsScalar(curve, signature[ScalarLength..]);

    /// <summary>Whether the s of a compact signature is above n / 2.</summary>
    public static bool IsHighS(KeyCurve curve, ReadOnlySpan<byte> signature) => signature[ScalarLength..].SequenceCompareTo(HalfOf(curve)) > 0;

    /// <summary>Replaces the s of a compact signature by n - s where that is lower.</summary>
    public static void NormaliseS(KeyCurve curve, Span<byte> signature)
    {
        if (!IsHighS(curve, signature))
        {
            return;
        }

        Span<byte> s = signature[ScalarLength..];
        BigInteger lower = new BigInteger(Of(curve), isUnsigned: true, isBigEndian: true) - new BigInteger(s, isUnsigned: true, isBigEndian: true);
        s.Clear();
        int length = lower.GetByteCount(isUnsigned: true);
        lower.TryWriteBytes(s[^length..], out _, isUnsigned: true, isBigEndian: true);
    }

    private static ReadOnlySpan<byte> Of(KeyCurve curve) => curve == KeyCurve.Secp256k1 ? Secp256k1 : P256;

    private static ReadOnlySpan<byte> HalfOf(KeyCurve curve) => curve == KeyCurve.Secp256k1 ? HalfSecp256k1 : HalfP256;

    private static ReadOnlySpan<byte> Secp256k1 =>
    [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
        0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
    ];

    private static ReadOnlySpan<byte> HalfSecp256k1 =>
    [
        0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
    ];

    private static ReadOnlySpan<byte> P256 =>
    [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    private static ReadOnlySpan<byte> HalfP256 =>
    [
        0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
    ];
}
