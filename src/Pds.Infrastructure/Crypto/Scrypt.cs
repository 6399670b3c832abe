using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;

namespace Pds.Infrastructure.Crypto;

/// <summary>scrypt (RFC 7914) with vectors where the processor has them, else by BouncyCastle.</summary>
internal sealed class Scrypt : IDisposable
{
    private readonly ScryptMemory? _memory;

    private Scrypt(ScryptMemory? memory) => _memory = memory;

    /// <summary>Whether vectors compute.</summary>
    public bool IsVectorized => _memory is not null;

    /// <summary>The implementation of BouncyCastle.</summary>
    public static Scrypt Managed() => new(memory: null);

    /// <summary>The best implementation at hand.</summary>
    /// <param name="time">Tells when working memory is not needed for a while.</param>
    public static Scrypt Open(TimeProvider? time = null) => VectorScrypt.IsSupported ? new(new ScryptMemory(time ?? TimeProvider.System)) : Managed();

    /// <summary>Derives a key.</summary>
    /// <param name="password">The password, UTF-8.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="cost">N, a power of two.</param>
    /// <param name="blockSize">r.</param>
    /// <param name="parallelization">p.</param>
    /// <param name="key">Receives the key.</param>
    public void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        if (_memory is null)
        {
            byte[] copy = password.ToArray();
            SCrypt.Generate(copy, salt.ToArray(), cost, blockSize, parallelization, key.Length).CopyTo(key);
            CryptographicOperations.ZeroMemory(copy);
            return;
        }

        using ScryptMemory.Lease lease = _memory.Take(VectorScrypt.MemoryVectors(cost, blockSize));
        VectorScrypt.Derive(password, salt, cost, blockSize, parallelization, lease.Vectors, key);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory?.Dispose();
}
