using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using Pds.Domain.Crypto;

namespace Pds.Cryptography;

/// <summary>secp256k1 by BouncyCastle: available everywhere, and four to six times as expensive as libsecp256k1.</summary>
internal sealed class ManagedSecp256k1 : Secp256k1
{
    /// <summary>The custom curve has its own field arithmetic; kept, because the table of multiples of G hangs on it.</summary>
    private static readonly ECDomainParameters Curve = MakeCurve();

    private readonly ConditionalWeakTable<PublicKey, ECPublicKeyParameters> _keys = [];

    /// <inheritdoc/>
    public override string Name => "BouncyCastle";

    /// <inheritdoc/>
    internal override bool Verify(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, bool malleable)
    {
        if (!CurveOrder.IsSignature(KeyCurve.Secp256k1, signature)
            || (!malleable && CurveOrder.IsHighS(KeyCurve.Secp256k1, signature))
            || !TryDecode(key, out ECPublicKeyParameters? parameters))
        {
            return false;
        }

        byte[] bytes = signature.ToArray();
        ECDsaSigner verifier = new();
        verifier.Init(forSigning: false, parameters);
        return verifier.VerifySignature(
            digest.ToArray(),
            new BigInteger(1, bytes, 0, CurveOrder.ScalarLength),
            new BigInteger(1, bytes, CurveOrder.ScalarLength, CurveOrder.ScalarLength));
    }

    private protected override ISigner MakeSigner(ReadOnlySpan<byte> privateKey)
    {
        byte[] copy = privateKey.ToArray();
        Signer signer = new(new ECPrivateKeyParameters(new BigInteger(1, copy), Curve));
        CryptographicOperations.ZeroMemory(copy);
        return signer;
    }

    private static ECDomainParameters MakeCurve()
    {
        X9ECParameters curve = CustomNamedCurves.GetByName("secp256k1");
        return new(curve.Curve, curve.G, curve.N, curve.H);
    }

    private static void Write(BigInteger scalar, Span<byte> destination)
    {
        byte[] bytes = scalar.ToByteArrayUnsigned();
        destination.Clear();
        bytes.CopyTo(destination[^bytes.Length..]);
    }

    private bool TryDecode(PublicKey key, [NotNullWhen(true)] out ECPublicKeyParameters? parameters)
    {
        if (_keys.TryGetValue(key, out parameters))
        {
            return true;
        }

        try
        {
            parameters = new ECPublicKeyParameters(Curve.Curve.DecodePoint(key.Compressed.ToArray()), Curve);
        }
        catch (ArgumentException)
        {
            return false; // no such point
        }

        _keys.AddOrUpdate(key, parameters);
        return true;
    }

    private sealed class Signer(ECPrivateKeyParameters privateKey) : ISigner
    {
        public PublicKey PublicKey { get; } =
            PublicKey.FromCompressed(KeyCurve.Secp256k1, new FixedPointCombMultiplier().Multiply(Curve.G, privateKey.D).Normalize().GetEncoded(compressed: true));

        public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
        {
            ECDsaSigner signer = new(new HMacDsaKCalculator(new Sha256Digest()));
            signer.Init(forSigning: true, privateKey);
            BigInteger[] numbers = signer.GenerateSignature(SHA256.HashData(message));
            signature = signature[..ISigner.SignatureLength];
            Write(numbers[0], signature[..CurveOrder.ScalarLength]);
            Write(numbers[1], signature[CurveOrder.ScalarLength..]);
            CurveOrder.NormaliseS(KeyCurve.Secp256k1, signature);
        }
    }
}
