using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;

namespace Pds.Infrastructure.Crypto;

/// <summary>scrypt (RFC 7914) by OpenSSL where its library can be loaded and passes a known-answer test, else by BouncyCastle.</summary>
internal sealed unsafe class Scrypt
{
    private const ulong MaxMemory = 256 << 20;

    private const string KnownKey =
        "f5dfb3972e7908b22410c5c5f3788907cdbd1a79971b12277502bd4a77e6d5d3a7ffd9f9969c38c865446d1a8053d0e94f08086ee3c72950387be3b3a9716f9b";

    private static readonly string[] FileNames =
        ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll"];

    private readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, ulong, ulong, ulong, byte*, nuint, int> _derive;

    private Scrypt(nint derive) =>
        _derive = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, ulong, ulong, ulong, byte*, nuint, int>)derive;

    /// <summary>Whether OpenSSL computes.</summary>
    public bool IsNative => _derive is not null;

    /// <summary>The implementation of BouncyCastle.</summary>
    public static Scrypt Managed() => new(0);

    /// <summary>The best implementation at hand.</summary>
    public static Scrypt Open()
    {
        foreach (string name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(Scrypt).Assembly, searchPath: null, out nint library)
                && NativeLibrary.TryGetExport(library, "EVP_PBE_scrypt", out nint derive)
                && new Scrypt(derive) is { } native
                && native.PassesSelfTest())
            {
                return native;
            }
        }

        return Managed();
    }

    /// <summary>Derives a key.</summary>
    /// <param name="password">The password, UTF-8.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="cost">N, a power of two.</param>
    /// <param name="blockSize">r.</param>
    /// <param name="parallelization">p.</param>
    /// <param name="key">Receives the key.</param>
    public void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        if (!TryDerive(password, salt, cost, blockSize, parallelization, key))
        {
            throw new CryptographicException("OpenSSL failed to compute scrypt.");
        }
    }

    /// <summary>Whether the known answer comes out.</summary>
    internal bool PassesSelfTest()
    {
        Span<byte> key = stackalloc byte[64];
        return TryDerive("password"u8, "NaCl"u8, 16, 8, 1, key) && Convert.ToHexStringLower(key) == KnownKey;
    }

    private bool TryDerive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        if (!IsNative)
        {
            byte[] copy = password.ToArray();
            SCrypt.Generate(copy, salt.ToArray(), cost, blockSize, parallelization, key.Length).CopyTo(key);
            CryptographicOperations.ZeroMemory(copy);
            return true;
        }

        byte empty = 0; // an empty span has no address, and without one OpenSSL computes nothing
        fixed (byte* passwordStart = password)
        fixed (byte* saltStart = salt)
        fixed (byte* keyStart = key)
        {
            return _derive(
                passwordStart is null ? &empty : passwordStart, (nuint)password.Length, saltStart, (nuint)salt.Length,
                (ulong)cost, (ulong)blockSize, (ulong)parallelization, MaxMemory, keyStart, (nuint)key.Length) == 1;
        }
    }
}
