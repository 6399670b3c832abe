using System.Security.Cryptography;

namespace Pds.Cryptography;

/// <summary>Derives keys from passwords by scrypt (RFC 7914). Every implementation derives the same keys. Safe for concurrent use.</summary>
/// <remarks>One key takes 128 × cost × block size bytes of memory, and as many steps: 16 MiB and tens of milliseconds at cost 16,384 and block size 8.</remarks>
public abstract class Scrypt
{
    private const string KnownKey =
        "f5dfb3972e7908b22410c5c5f3788907cdbd1a79971b12277502bd4a77e6d5d3a7ffd9f9969c38c865446d1a8053d0e94f08086ee3c72950387be3b3a9716f9b";

    private static readonly Lazy<Scrypt> Opened = new(() => SodiumScrypt.TryLoad() ?? (Scrypt)new ManagedScrypt());

    private protected Scrypt()
    {
    }

    /// <summary>Which implementation it is, for the log: <c>libsodium</c>, or <c>BouncyCastle</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The implementation of this machine, the same at each call: libsodium where a native file fits and gives a known answer, else BouncyCastle.</summary>
    public static Scrypt Open() => Opened.Value;

    /// <summary>Derives a key.</summary>
    /// <param name="password">The password, UTF-8. May be empty.</param>
    /// <param name="salt">The salt. May be empty.</param>
    /// <param name="cost">The cost N, a power of two.</param>
    /// <param name="blockSize">The block size r, in units of 128 bytes.</param>
    /// <param name="parallelization">The parallelization p.</param>
    /// <param name="key">Receives the key; its length is the key's.</param>
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

    /// <summary>As <see cref="Derive"/>; <see langword="false"/> when the implementation fails.</summary>
    private protected abstract bool TryDerive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key);
}
