using System.Security.Cryptography;
using Pds.Application.Crypto;
using Pds.Domain.Crypto;

namespace Pds.Infrastructure.Crypto;

/// <summary>Computes on secp256k1. Nonces are those of RFC 6979, so every implementation makes the same signatures. Safe for concurrent use.</summary>
internal abstract class Secp256k1
{
    /// <summary>Which implementation it is, for the log.</summary>
    public abstract string Name { get; }

    /// <summary>Picks an implementation.</summary>
    /// <exception cref="InvalidOperationException">libsecp256k1 is required, and missing or not to be trusted.</exception>
    public static Secp256k1 Open(Secp256k1Library setting)
    {
        ManagedSecp256k1 managed = new();
        if (setting == Secp256k1Library.Off)
        {
            return managed;
        }

        if (NativeSecp256k1.TryLoad() is { } native && native.AgreesWith(managed))
        {
            return native;
        }

        return setting == Secp256k1Library.Auto
            ? managed
            : throw new InvalidOperationException(
                "libsecp256k1 is required but was not found, or failed its self-test. Install it (Debian: libsecp256k1-1) or allow the managed implementation.");
    }

    /// <summary>A signer for a private scalar.</summary>
    /// <exception cref="ArgumentException">Not a scalar of the curve.</exception>
    public ISigner CreateSigner(ReadOnlySpan<byte> privateKey) => CurveOrder.IsScalar(KeyCurve.Secp256k1, privateKey)
        ? MakeSigner(privateKey)
        : throw new ArgumentException("Not a private key of secp256k1.", nameof(privateKey));

    /// <summary>Whether a compact signature over a digest is the key's.</summary>
    /// <param name="key">A key on secp256k1.</param>
    /// <param name="digest">SHA-256 of the message.</param>
    /// <param name="signature">64 bytes.</param>
    /// <param name="malleable">Whether high-S signatures are good.</param>
    public abstract bool Verify(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, bool malleable);

    /// <summary>A signer for a private scalar known to be valid.</summary>
    protected abstract ISigner MakeSigner(ReadOnlySpan<byte> privateKey);

    /// <summary>A known-answer test: the same key, signature and judgement as another implementation.</summary>
    private bool AgreesWith(Secp256k1 other)
    {
        byte[] privateKey = SHA256.HashData("a private key"u8);
        byte[] message = "a message"u8.ToArray();
        byte[] ours = new byte[ISigner.SignatureLength];
        byte[] theirs = new byte[ISigner.SignatureLength];
        ISigner signer = CreateSigner(privateKey);
        ISigner reference = other.CreateSigner(privateKey);
        signer.Sign(message, ours);
        reference.Sign(message, theirs);
        byte[] digest = SHA256.HashData(message);
        bool agrees = signer.PublicKey.Equals(reference.PublicKey)
            && ours.AsSpan().SequenceEqual(theirs)
            && Verify(signer.PublicKey, digest, theirs, malleable: false);
        theirs[ISigner.SignatureLength - 1] ^= 1;
        return agrees && !Verify(signer.PublicKey, digest, theirs, malleable: true);
    }
}
