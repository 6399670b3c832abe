using System.Security.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.UnitTests.Fakes;

/// <summary>A signature is the SHA-512 of public key and message: worthless, but it binds both, and tests make thousands.</summary>
internal sealed class FakeSigner(PublicKey publicKey) : ISigner, IVerifier
{
    public PublicKey PublicKey => publicKey;

    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => Sign(publicKey, message, signature);

    public bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[ISigner.SignatureLength];
        Sign(key, message, expected);
        return expected.SequenceEqual(signature);
    }

    public bool VerifyMalleable(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Verify(key, message, signature);

    private static void Sign(PublicKey key, ReadOnlySpan<byte> message, Span<byte> signature) =>
        SHA512.HashData([.. key.Compressed, .. message], signature);
}
