using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pds.Cryptography;

/// <summary>scrypt (RFC 7914). Every implementation derives the same keys. Safe for concurrent use.</summary>
internal abstract class Scrypt
{
    private const string KnownKey =
        "f5dfb3972e7908b22410c5c5f3788907cdbd1a79971b12277502bd4a77e6d5d3a7ffd9f9969c38c865446d1a8053d0e94f08086ee3c72950387be3b3a9716f9b";

    /// <summary>Which implementation it is.</summary>
    public abstract string Name { get; }

    /// <summary>The fastest implementation at hand: libsodium, else OpenSSL, else BouncyCastle.</summary>
    public static Scrypt Open() => SodiumScrypt.TryLoad() ?? OpenSslScrypt.TryLoad() ?? new ManagedScrypt();

    /// <summary>Derives a key.</summary>
    /// <param name="password">The password, UTF-8. May be empty.</param>
    /// <param name="salt">The salt. May be empty.</param>
    /// <param name="cost">N, a power of two.</param>
    /// <param name="blockSize">r.</param>
    /// <param name="parallelization">p.</param>
    /// <param name="key">Receives the key.</param>
    /// <exception cref="CryptographicException">A parameter is refused, or there is too little memory.</exception>
    public void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        if (!TryDerive(password, salt, cost, blockSize, parallelization, key))
        {
            throw new CryptographicException($"{Name} failed to compute scrypt.");
        }
    }

    /// <summary>Whether the known answer comes out.</summary>
    internal bool PassesSelfTest()
    {
        Span<byte> key = stackalloc byte[64];
        return TryDerive("password"u8, "NaCl"u8, 16, 8, 1, key) && Convert.ToHexStringLower(key) == KnownKey;
    }

    /// <summary>The implementation of the first library that can be loaded and passes the self-test. It stays as long as the process.</summary>
    /// <param name="fileNames">Names of the library, the preferred first.</param>
    /// <param name="bind">Makes the implementation of a loaded library; <see langword="null"/> when that lacks a function.</param>
    protected static Scrypt? TryLoad(IEnumerable<string> fileNames, Func<nint, Scrypt?> bind)
    {
        foreach (string name in fileNames)
        {
            if (NativeLibrary.TryLoad(name, typeof(Scrypt).Assembly, searchPath: null, out nint library))
            {
                if (bind(library) is { } bound && bound.PassesSelfTest())
                {
                    return bound;
                }

                NativeLibrary.Free(library);
            }
        }

        return null;
    }

    /// <summary>As <see cref="Derive"/>; <see langword="false"/> when the implementation fails.</summary>
    protected abstract bool TryDerive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key);
}
