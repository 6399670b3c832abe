using Pds.Application.Crypto;
using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Infrastructure.Crypto;

namespace Pds.UnitTests.Crypto;

/// <summary>Keys of the worked examples and the means to use them.</summary>
internal static class GivenKeys
{
    public const string RotationDidKey = "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";
    public const string SigningDidKey = "did:key:zQ3shajmTb29MxR6htjD79Hdo6vneJLvyKCzZSRcawNWks9JC";

    private static readonly Secp256k1 Secp256k1 = Secp256k1.Open();

    public static KeyFactory Factory { get; } = new(Secp256k1);

    public static Verifier Verifier { get; } = new(Secp256k1);

    public static byte[] RotationScalar { get; } = Convert.FromHexString("9085d2bef69286a6cbb51623c8fa258629945cd55ca705cc4e66700396894e0c");

    public static ISigner Rotation() => Factory.CreateSigner(KeyCurve.Secp256k1, RotationScalar);

    /// <summary>A signer whose private scalar is a small number.</summary>
    public static ISigner Small(byte scalar, KeyCurve curve = KeyCurve.Secp256k1)
    {
        byte[] key = new byte[IKeyFactory.PrivateKeyLength];
        key[^1] = scalar;
        return Factory.CreateSigner(curve, key);
    }

    public static byte[] Sign(this ISigner signer, ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[ISigner.SignatureLength];
        signer.Sign(message, signature);
        return signature;
    }
}
