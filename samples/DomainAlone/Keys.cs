using Pds.Cryptography;
using Pds.Domain.Crypto;

namespace DomainAlone;

/// <summary>Keys of both curves, with <c>Pds.Cryptography</c>.</summary>
public static class Keys
{
    /// <summary>Makes a new key.</summary>
    public static ISigner Make(KeyCurve curve)
    {
        byte[] key = PrivateKey.Generate(curve);
        return curve == KeyCurve.Secp256k1 ? Secp256k1.Open().CreateSigner(key) : P256.CreateSigner(key);
    }

    /// <summary>What checks signatures of either curve.</summary>
    public static IVerifier Verifier { get; } = new Verifier();
}
