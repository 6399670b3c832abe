using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Pds.Application.Accounts;
using Pds.Cryptography;
using Pds.Domain.Errors;
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

    private readonly Scrypt _scrypt;
    private readonly ConcurrencyLimiter _turns;
    private readonly Counter<long>? _refusals;

    /// <summary>Makes a hasher.</summary>
    /// <param name="scrypt">The implementation.</param>
    /// <param name="turns">How many hashes run at once, each taking a processor and 16 MiB, and how many may wait.</param>
    /// <param name="refusals">Counts those that may not even wait.</param>
    public ScryptPasswordHasher(Scrypt scrypt, ConcurrencyLimiter turns, Counter<long>? refusals = null)
    {
        _scrypt = scrypt;
        _turns = turns;
        _refusals = refusals;
    }

    /// <summary>Turns for so many at once.</summary>
    /// <param name="concurrency">How many.</param>
    /// <param name="waiting">How many more may wait; they are served in the order they came.</param>
    public static ConcurrencyLimiter Turns(int concurrency, int waiting) =>
        new(new ConcurrencyLimiterOptions { PermitLimit = concurrency, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

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
    public void Dispose() => _turns.Dispose();

    private async ValueTask<string> HashAsync(string password, string salt, CancellationToken cancellationToken)
    {
        using RateLimitLease turn = await _turns.AcquireAsync(cancellationToken: cancellationToken);
        if (!turn.IsAcquired)
        {
            _refusals?.Add(1, new KeyValuePair<string, object?>("pds.capacity", "passwords"));
            throw new XrpcException(RequestErrors.NotEnoughResources, "Too many people are signing in. Try again in a moment.");
        }

        // A thread of its own: tens of milliseconds of arithmetic would keep the pool from its short work.
        return await Task.Factory.StartNew(
            () => Hash(password, salt), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private string Hash(string password, string salt)
    {
        byte[] passwordBytes = Encoding.UTF8.GetBytes(password);
        Span<byte> hash = stackalloc byte[HashLength];
        _scrypt.Derive(passwordBytes, Encoding.ASCII.GetBytes(salt), Cost, BlockSize, Parallelization, hash);
        CryptographicOperations.ZeroMemory(passwordBytes);
        return $"{salt}:{Convert.ToHexStringLower(hash)}";
    }
}
