using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pds.Domain.Crypto;
using Secp256k1Net;
using Library = Secp256k1Net.Secp256k1;

namespace Pds.Cryptography;

/// <summary>secp256k1 by libsecp256k1, whose native files the package Secp256k1.Net brings.</summary>
/// <remarks>One context for the process: after it is made the library only reads it, so that calls may run side by side.</remarks>
internal sealed class NativeSecp256k1 : Secp256k1
{
    private readonly Library _library;

    private NativeSecp256k1(Library library) => _library = library;

    /// <inheritdoc/>
    public override string Name => "libsecp256k1";

    /// <summary>Loads the library; <see langword="null"/> when no native file fits this machine, or the known answer does not come out.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The package throws System.Exception itself when it finds no native file.")]
    public static NativeSecp256k1? TryLoad()
    {
        try
        {
            var loaded = new NativeSecp256k1(new Library());
            return loaded.PassesSelfTest() ? loaded : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    internal override bool Verify(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, bool malleable)
    {
        if (key.Curve != KeyCurve.Secp256k1 || digest.Length != SHA256.HashSizeInBytes || signature.Length != ISigner.SignatureLength)
        {
            return false;
        }

        Span<byte> parsedKey = stackalloc byte[Library.UNSERIALIZED_PUBKEY_LENGTH];
        Span<byte> parsedSignature = stackalloc byte[Library.UNSERIALIZED_SIGNATURE_LENGTH];
        if (!_library.EcdsaSignatureParseCompact(parsedSignature, signature) || !_library.EcPubkeyParse(parsedKey, key.Compressed))
        {
            return false;
        }

        if (malleable)
        {
            _ = _library.EcdsaSignatureNormalize(parsedSignature, parsedSignature); // whether it was high-S does not matter here
        }

        return _library.EcdsaVerify(parsedSignature, digest, parsedKey);
    }

    private protected override ISigner MakeSigner(ReadOnlySpan<byte> privateKey) => new Signer(_library, privateKey);

    private sealed class Signer : ISigner
    {
        private readonly Library _library;
        private readonly byte[] _privateKey;

        public Signer(Library library, ReadOnlySpan<byte> privateKey)
        {
            _library = library;
            _privateKey = GC.AllocateUninitializedArray<byte>(CurveOrder.ScalarLength, pinned: true); // the collector makes no copies of it
            privateKey.CopyTo(_privateKey);
            PublicKey = DerivePublicKey();
        }

        public PublicKey PublicKey { get; }

        public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(message, digest);

            // No nonce function given: RFC 6979. The result is low-S.
            Span<byte> made = stackalloc byte[Library.UNSERIALIZED_SIGNATURE_LENGTH];
            if (!_library.EcdsaSign(made, digest, _privateKey) || !_library.EcdsaSignatureSerializeCompact(signature[..ISigner.SignatureLength], made))
            {
                throw new CryptographicException("libsecp256k1 failed to sign.");
            }
        }

        private PublicKey DerivePublicKey()
        {
            Span<byte> made = stackalloc byte[Library.UNSERIALIZED_PUBKEY_LENGTH];
            Span<byte> point = stackalloc byte[PublicKey.CompressedLength];
            nuint length = PublicKey.CompressedLength;
            return _library.EcPubkeyCreate(made, _privateKey) && _library.EcPubkeySerialize(point, ref length, made, Secp256k1EcFlags.Compressed)
                ? PublicKey.FromCompressed(KeyCurve.Secp256k1, point)
                : throw new CryptographicException("libsecp256k1 refused a private key.");
        }
    }
}
