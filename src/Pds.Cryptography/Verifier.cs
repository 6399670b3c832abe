using System.Security.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.Cryptography;

/// <summary>Checks signatures of both curves. Safe for concurrent use; one for the process is enough, and it keeps imported P-256 keys.</summary>
/// <param name="secp256k1">What computes on secp256k1.</param>
public sealed class Verifier(Secp256k1 secp256k1) : IVerifier
{
    private readonly P256 _p256 = new();

    /// <summary>Makes a verifier with <see cref="Secp256k1.Open"/>.</summary>
    public Verifier()
        : this(Secp256k1.Open())
    {
    }

    /// <inheritdoc/>
    public bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Verify(key, message, signature, malleable: false);

    /// <inheritdoc/>
    public bool VerifyMalleable(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Verify(key, message, signature, malleable: true);

    private bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, bool malleable)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, digest);
        return key.Curve == KeyCurve.Secp256k1
            ? secp256k1.Verify(key, digest, signature, malleable)
            : _p256.Verify(key, digest, signature, malleable);
    }
}
