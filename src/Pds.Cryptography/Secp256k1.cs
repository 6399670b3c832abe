using System.Security.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.Cryptography;

/// <summary>Signs on secp256k1, the curve that most accounts of the network use. Safe for concurrent use.</summary>
/// <remarks>
/// Nonces are those of RFC 6979 and signatures are low-S, so every implementation makes the same bytes. <see cref="Verifier"/> checks signatures.
/// <para>Source: <see href="https://atproto.com/specs/cryptography"/></para>
/// </remarks>
public abstract class Secp256k1
{
    private const string KnownDidKey = "did:key:zQ3shwfirCz674kzbdRgvX4UzxbBm4EYipmRr3TrsKWFk2Cb1";
    private const string KnownSignature =
        "eff3646e15fda0b6fd41619d7fe414c473d98afa3c834299bc9ee42826590da4651f5e3e6dd08b227cb0401f3cf94b43eec7c816c033baf0cc22630733fa8781";

    private static readonly Lazy<Secp256k1> Opened = new(() => NativeSecp256k1.TryLoad() ?? (Secp256k1)new ManagedSecp256k1());

    private protected Secp256k1()
    {
    }

    /// <summary>Which implementation it is, for the log: <c>libsecp256k1</c>, or <c>BouncyCastle</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The implementation of this machine, the same at each call: libsecp256k1 where a native file fits and gives a known answer, else BouncyCastle.</summary>
    public static Secp256k1 Open() => Opened.Value;

    /// <summary>Makes a signer from a private key.</summary>
    /// <param name="privateKey">32 bytes big-endian; copied.</param>
    /// <exception cref="ArgumentException">Not a scalar of the curve.</exception>
    public ISigner CreateSigner(ReadOnlySpan<byte> privateKey) => CurveOrder.IsScalar(KeyCurve.Secp256k1, privateKey)
        ? MakeSigner(privateKey)
        : throw new ArgumentException("Not a private key of secp256k1.", nameof(privateKey));

    /// <summary>Whether a compact signature over a digest is the key's.</summary>
    /// <param name="key">A key on secp256k1.</param>
    /// <param name="digest">SHA-256 of the message.</param>
    /// <param name="signature">64 bytes.</param>
    /// <param name="malleable">Whether high-S signatures are good.</param>
    internal abstract bool Verify(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, bool malleable);

    /// <summary>
    /// Whether the known key, signature and judgement come out. The answers are BouncyCastle's, written down: to ask it costs a quarter of a second at start.
    /// </summary>
    internal bool PassesSelfTest()
    {
        try
        {
            ISigner signer = CreateSigner(SHA256.HashData("a private key"u8));
            byte[] signature = new byte[ISigner.SignatureLength];
            signer.Sign("a message"u8, signature);
            byte[] digest = SHA256.HashData("a message"u8);
            bool passes = signer.PublicKey.ToDidKey() == KnownDidKey
                && Convert.ToHexStringLower(signature) == KnownSignature
                && Verify(signer.PublicKey, digest, signature, malleable: false);
            signature[^1] ^= 1;
            return passes && !Verify(signer.PublicKey, digest, signature, malleable: true);
        }
        catch (CryptographicException)
        {
            return false; // the library refused a call
        }
    }

    /// <summary>A signer for a private scalar known to be valid.</summary>
    private protected abstract ISigner MakeSigner(ReadOnlySpan<byte> privateKey);
}
