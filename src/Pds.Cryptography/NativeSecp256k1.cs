using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.Cryptography;

/// <summary>secp256k1 by libsecp256k1, which the operating system brings (Debian: libsecp256k1-1).</summary>
/// <remarks>One context, made and blinded once; after that the library only reads it, so that calls may run side by side. It lives as long as the process.</remarks>
internal sealed unsafe class NativeSecp256k1 : Secp256k1
{
    private const uint SignAndVerify = 0x0301;
    private const uint Compressed = 0x0102;

    /// <summary>Length in bytes of the library's opaque keys and signatures.</summary>
    private const int OpaqueLength = 64;

    private static readonly string[] FileNames =
    [
        "libsecp256k1.so.2", "libsecp256k1.so.1", "libsecp256k1.so.0",
        "libsecp256k1.2.dylib", "libsecp256k1.1.dylib", "libsecp256k1.0.dylib",
        "libsecp256k1-2.dll", "libsecp256k1-1.dll", "libsecp256k1-0.dll",
        "libsecp256k1", "secp256k1",
    ];

    private readonly nint _context;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int> _createPublicKey;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, uint, int> _serializePublicKey;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, nuint, int> _parsePublicKey;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nint, nint, int> _sign;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int> _serializeSignature;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int> _parseSignature;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int> _normalizeSignature;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, int> _verify;

    private NativeSecp256k1(IReadOnlyList<nint> exports, nint context)
    {
        _context = context;
        _createPublicKey = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int>)exports[2];
        _serializePublicKey = (delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, uint, int>)exports[3];
        _parsePublicKey = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nuint, int>)exports[4];
        _sign = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nint, nint, int>)exports[5];
        _serializeSignature = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int>)exports[6];
        _parseSignature = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int>)exports[7];
        _normalizeSignature = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int>)exports[8];
        _verify = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, int>)exports[9];
    }

    /// <inheritdoc/>
    public override string Name => "libsecp256k1";

    private static ReadOnlySpan<string> ExportNames => (string[])
    [
        "secp256k1_context_create",
        "secp256k1_context_randomize",
        "secp256k1_ec_pubkey_create",
        "secp256k1_ec_pubkey_serialize",
        "secp256k1_ec_pubkey_parse",
        "secp256k1_ecdsa_sign",
        "secp256k1_ecdsa_signature_serialize_compact",
        "secp256k1_ecdsa_signature_parse_compact",
        "secp256k1_ecdsa_signature_normalize",
        "secp256k1_ecdsa_verify",
    ];

    /// <summary>Loads the library; <see langword="null"/> when it is not there or lacks a function.</summary>
    public static NativeSecp256k1? TryLoad()
    {
        foreach (string name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(NativeSecp256k1).Assembly, searchPath: null, out nint library))
            {
                if (TryBind(library) is { } bound)
                {
                    return bound;
                }

                NativeLibrary.Free(library);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool Verify(PublicKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, bool malleable)
    {
        if (key.Curve != KeyCurve.Secp256k1 || digest.Length != SHA256.HashSizeInBytes || signature.Length != ISigner.SignatureLength)
        {
            return false;
        }

        byte* opaqueKey = stackalloc byte[OpaqueLength];
        byte* opaqueSignature = stackalloc byte[OpaqueLength];
        fixed (byte* point = key.Compressed)
        fixed (byte* hash = digest)
        fixed (byte* compact = signature)
        {
            if (_parseSignature(_context, opaqueSignature, compact) != 1 || _parsePublicKey(_context, opaqueKey, point, PublicKey.CompressedLength) != 1)
            {
                return false;
            }

            if (malleable)
            {
                _ = _normalizeSignature(_context, opaqueSignature, opaqueSignature);
            }

            return _verify(_context, opaqueSignature, hash, opaqueKey) == 1;
        }
    }

    /// <inheritdoc/>
    protected override ISigner MakeSigner(ReadOnlySpan<byte> privateKey) => new Signer(this, privateKey);

    private static NativeSecp256k1? TryBind(nint library)
    {
        var exports = new nint[ExportNames.Length];
        for (int i = 0; i < exports.Length; i++)
        {
            if (!NativeLibrary.TryGetExport(library, ExportNames[i], out exports[i]))
            {
                return null;
            }
        }

        nint context = ((delegate* unmanaged[Cdecl]<uint, nint>)exports[0])(SignAndVerify);
        if (context == 0)
        {
            return null;
        }

        Span<byte> seed = stackalloc byte[CurveOrder.ScalarLength];
        RandomNumberGenerator.Fill(seed);
        fixed (byte* blinding = seed)
        {
            _ = ((delegate* unmanaged[Cdecl]<nint, byte*, int>)exports[1])(context, blinding);
        }

        CryptographicOperations.ZeroMemory(seed);
        return new NativeSecp256k1(exports, context);
    }

    private PublicKey DerivePublicKey(ReadOnlySpan<byte> privateKey)
    {
        byte* opaque = stackalloc byte[OpaqueLength];
        byte* point = stackalloc byte[PublicKey.CompressedLength];
        nuint length = PublicKey.CompressedLength;
        fixed (byte* scalar = privateKey)
        {
            if (_createPublicKey(_context, opaque, scalar) != 1 || _serializePublicKey(_context, point, &length, opaque, Compressed) != 1)
            {
                throw new CryptographicException("libsecp256k1 refused a private key.");
            }
        }

        return PublicKey.FromCompressed(KeyCurve.Secp256k1, new ReadOnlySpan<byte>(point, (int)length));
    }

    private void Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(message, digest);
        byte* opaque = stackalloc byte[OpaqueLength];
        fixed (byte* scalar = privateKey)
        fixed (byte* hash = digest)
        fixed (byte* compact = signature[..ISigner.SignatureLength])
        {
            // No nonce function given: RFC 6979. The result is low-S.
            if (_sign(_context, opaque, hash, scalar, 0, 0) != 1 || _serializeSignature(_context, compact, opaque) != 1)
            {
                throw new CryptographicException("libsecp256k1 failed to sign.");
            }
        }
    }

    private sealed class Signer : ISigner
    {
        private readonly NativeSecp256k1 _library;
        private readonly byte[] _privateKey;

        public Signer(NativeSecp256k1 library, ReadOnlySpan<byte> privateKey)
        {
            _library = library;
            _privateKey = GC.AllocateUninitializedArray<byte>(CurveOrder.ScalarLength, pinned: true); // the collector makes no copies of it
            privateKey.CopyTo(_privateKey);
            PublicKey = library.DerivePublicKey(_privateKey);
        }

        public PublicKey PublicKey { get; }

        public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => _library.Sign(_privateKey, message, signature);
    }
}
