using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Crypto;

/// <inheritdoc cref="IPasswordHasher"/>
/// <remarks>The salt is text: scrypt gets the ASCII bytes of its hexadecimal digits, not what they stand for.</remarks>
internal sealed class ScryptPasswordHasher : IPasswordHasher, IDisposable
{
    private const int Cost = 16_384;
    private const int BlockSize = 8;
    private const int Parallelization = 1;
    private const int HashLength = 64;
    private const int SaltLength = 16;
    private const int SaltTextLength = SaltLength * 2;
    private const int TextLength = SaltTextLength + 1 + (HashLength * 2);

    private readonly ScryptMemory? _memory;
    private readonly SemaphoreSlim _turns;

    /// <summary>Makes a hasher.</summary>
    /// <param name="vectorized">Whether to compute with vectors, or with BouncyCastle.</param>
    /// <param name="concurrency">How many hashes run at once; each takes a processor and 16 MiB.</param>
    /// <param name="time">Tells when the memory is not needed for a while.</param>
    public ScryptPasswordHasher(bool vectorized, int concurrency, TimeProvider time)
    {
        _memory = vectorized ? new ScryptMemory(VectorScrypt.MemoryVectors(Cost, BlockSize), time) : null;
        _turns = new(concurrency);
    }

    /// <inheritdoc/>
    public ValueTask<string> HashAsync(string password, CancellationToken cancellationToken) =>
        HashAsync(password, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltLength)), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken)
    {
        bool known = hash.Length == TextLength && hash[SaltTextLength] == ':' && Ascii.IsValid(hash);
        string salt = known ? hash[..SaltTextLength] : new string('0', SaltTextLength);
        string computed = await HashAsync(password, salt, cancellationToken);
        return known & CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(computed), Encoding.UTF8.GetBytes(hash));
    }

    /// <inheritdoc/>
    public ValueTask<string> HashAppPasswordAsync(Did did, string password, CancellationToken cancellationToken)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(did.ToString()));
        return HashAsync(password, Convert.ToHexStringLower(digest.AsSpan(0, SaltLength)), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _turns.Dispose();
        _memory?.Dispose();
    }

    private async ValueTask<string> HashAsync(string password, string salt, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            // A thread of its own: tens of milliseconds of arithmetic would keep the pool from its short work.
            return await Task.Factory.StartNew(
                () => Hash(password, salt), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _turns.Release();
        }
    }

    private string Hash(string password, string salt)
    {
        byte[] passwordBytes = Encoding.UTF8.GetBytes(password);
        byte[] saltBytes = Encoding.ASCII.GetBytes(salt);
        byte[] hash = new byte[HashLength];
        if (_memory is null)
        {
            hash = SCrypt.Generate(passwordBytes, saltBytes, Cost, BlockSize, Parallelization, HashLength);
        }
        else
        {
            _memory.Use(memory => VectorScrypt.Derive(passwordBytes, saltBytes, Cost, BlockSize, Parallelization, memory, hash));
        }

        CryptographicOperations.ZeroMemory(passwordBytes);
        return $"{salt}:{Convert.ToHexStringLower(hash)}";
    }
}
