using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using Pds.Domain.Crypto;
using CurvePoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace Pds.Cryptography;

/// <summary>Signs on P-256 by the platform. Nonces are random, so two signatures of one message differ. Safe for concurrent use.</summary>
/// <remarks>Importing a key costs several signatures, so imported ones are kept: a signer's with the signer, a public one as long as its <see cref="PublicKey"/> lives.</remarks>
public sealed class P256
{
    /// <summary>Only for points: the platform neither decompresses them nor derives them everywhere.</summary>
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("P-256");

    private readonly ConditionalWeakTable<PublicKey, PlatformKey> _keys = [];

    internal P256()
    {
    }

    /// <summary>Makes a signer from a private key.</summary>
    /// <param name="privateKey">32 bytes big-endian; copied.</param>
    /// <exception cref="ArgumentException">Not a scalar of the curve.</exception>
    public static ISigner CreateSigner(ReadOnlySpan<byte> privateKey)
    {
        if (!CurveOrder.IsScalar(KeyCurve.P256, privateKey))
        {
            throw new ArgumentException("Not a private key of P-256.", nameof(privateKey));
        }

        byte[] scalar = privateKey.ToArray();
        try
        {
            CurvePoint point = new FixedPointCombMultiplier().Multiply(Curve.G, new BigInteger(1, scalar)).Normalize();
            return new Signer(PublicKey.FromCompressed(KeyCurve.P256, point.GetEncoded(compressed: true)), new PlatformKey(point, scalar));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>Whether a compact signature over a digest is the key's.</summary>
    /// <param name="key">A key on P-256.</param>
    /// <param name="digest">SHA-256 of the message.</param>
    /// <param name="signature">64 bytes.</param>
    /// <param name="malleable">Whether high-S signatures are good.</param>
    internal bool Verify(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, bool malleable) =>
        CurveOrder.IsSignature(KeyCurve.P256, signature)
        && (malleable || !CurveOrder.IsHighS(KeyCurve.P256, signature))
        && Find(key) is { } imported
        && imported.Verify(digest, signature);

    private PlatformKey? Find(PublicKey key)
    {
        if (_keys.TryGetValue(key, out PlatformKey? known))
        {
            return known;
        }

        CurvePoint point;
        try
        {
            point = Curve.Curve.DecodePoint(key.Compressed.ToArray());
        }
        catch (ArgumentException)
        {
            return null; // no such point
        }

        PlatformKey imported = new(point.Normalize(), privateKey: null);
        _keys.AddOrUpdate(key, imported);
        return imported;
    }

    private sealed class Signer(PublicKey publicKey, PlatformKey key) : ISigner
    {
        public PublicKey PublicKey => publicKey;

        public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(message, digest);
            signature = signature[..ISigner.SignatureLength];
            key.Sign(digest, signature);
            CurveOrder.NormaliseS(KeyCurve.P256, signature);
        }
    }

    /// <summary>A key as imported. The platform does not promise concurrent use of one, so uses of it wait for each other.</summary>
    private sealed class PlatformKey(CurvePoint point, byte[]? privateKey)
    {
        private readonly Lock _gate = new();
        private readonly ECDsa _key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = point.AffineXCoord.GetEncoded(), Y = point.AffineYCoord.GetEncoded() },
            D = privateKey,
        });

        public void Sign(ReadOnlySpan<byte> digest, Span<byte> signature)
        {
            lock (_gate)
            {
                _ = _key.SignHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
        }

        public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
        {
            lock (_gate)
            {
                return _key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }
        }
    }
}
