using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;

namespace Pds.Infrastructure.Crypto;

/// <summary>scrypt (RFC 7914) by OpenSSL where its library can be loaded and passes a known-answer test, else by BouncyCastle.</summary>
internal sealed unsafe class Scrypt
{
    private const ulong MaxMemory = 256 << 20;

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
        Scrypt managed = Managed();
        foreach (string name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(Scrypt).Assembly, searchPath: null, out nint library)
                && NativeLibrary.TryGetExport(library, "EVP_PBE_scrypt", out nint derive)
                && new Scrypt(derive) is { } native
                && native.AgreesWith(managed))
            {
                return native;
            }
        }

        return managed;
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
        if (!IsNative)
        {
            byte[] copy = password.ToArray();
            SCrypt.Generate(copy, salt.ToArray(), cost, blockSize, parallelization, key.Length).CopyTo(key);
            CryptographicOperations.ZeroMemory(copy);
        }
        else if (!TryDerive(password, salt, cost, blockSize, parallelization, key))
        {
            throw new CryptographicException("OpenSSL failed to compute scrypt.");
        }
    }

    private bool TryDerive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        byte empty = 0; // an empty span has no address, and OpenSSL takes none for "ask later"
        fixed (byte* passwordStart = password)
        fixed (byte* saltStart = salt)
        fixed (byte* keyStart = key)
        {
            byte* passwordOrEmpty = passwordStart is null ? &empty : passwordStart;
            return _derive(
                passwordOrEmpty, (nuint)password.Length, saltStart, (nuint)salt.Length,
                (ulong)cost, (ulong)blockSize, (ulong)parallelization, MaxMemory, keyStart, (nuint)key.Length) == 1;
        }
    }

    private bool AgreesWith(Scrypt other)
    {
        Span<byte> ours = stackalloc byte[64];
        Span<byte> theirs = stackalloc byte[64];
        other.Derive("password"u8, "NaCl"u8, 16, 8, 1, theirs);
        return TryDerive("password"u8, "NaCl"u8, 16, 8, 1, ours) && ours.SequenceEqual(theirs);
    }
}
