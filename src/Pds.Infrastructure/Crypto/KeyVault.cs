using System.Security.Cryptography;
using System.Text;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Crypto;

/// <summary>Encrypts private keys for the database: AES-256-GCM under a server key, bound to the DID that the key belongs to.</summary>
/// <remarks>Envelope: one byte version (1), 12 bytes nonce, ciphertext, 16 bytes tag. Safe for concurrent use.</remarks>
internal sealed class KeyVault
{
    /// <summary>The purpose of the vault that holds the signing keys of accounts.</summary>
    public const string SigningKeys = "pds:signing-keys:1";

    /// <summary>How many bytes an envelope is longer than its content.</summary>
    public const int Overhead = 1 + NonceLength + TagLength;

    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int ServerKeyLength = 32;
    private const int CheckLength = 16;

    private readonly byte[] _serverKey = GC.AllocateUninitializedArray<byte>(ServerKeyLength, pinned: true);

    /// <summary>Derives the server key.</summary>
    /// <param name="secret">The server's secret; as many random bytes as the key has, or more.</param>
    /// <param name="purpose">Parts this vault from other uses of the same secret.</param>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public KeyVault(ReadOnlySpan<byte> secret, string purpose)
    {
        if (secret.IsEmpty)
        {
            throw new ArgumentException("The server secret is empty.", nameof(secret));
        }

        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, _serverKey, salt: [], Encoding.UTF8.GetBytes(purpose));
        CheckValue = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), CheckLength, salt: [], Encoding.UTF8.GetBytes($"{purpose}:check"));
    }

    /// <summary>Follows from the secret and does not reveal it: equal where the secret is.</summary>
    public byte[] CheckValue { get; }

    /// <summary>Encrypts a private key.</summary>
    /// <returns>The envelope, <see cref="Overhead"/> bytes longer than the key.</returns>
    public byte[] Seal(ReadOnlySpan<byte> key, Did did)
    {
        byte[] envelope = new byte[key.Length + Overhead];
        envelope[0] = Version;
        Span<byte> nonce = envelope.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = new(_serverKey, TagLength);
        cipher.Encrypt(nonce, key, envelope.AsSpan(1 + NonceLength, key.Length), envelope.AsSpan()[^TagLength..], Associate(did));
        return envelope;
    }

    /// <summary>Decrypts a private key. The caller zeroes it after use.</summary>
    /// <exception cref="CryptographicException">Altered, sealed for another DID, or sealed under another secret.</exception>
    public byte[] Open(ReadOnlySpan<byte> envelope, Did did)
    {
        if (envelope.Length < Overhead || envelope[0] != Version)
        {
            throw new CryptographicException($"The key of {did} is kept in a form that is not known.");
        }

        byte[] key = new byte[envelope.Length - Overhead];
        using AesGcm cipher = new(_serverKey, TagLength);
        try
        {
            cipher.Decrypt(envelope.Slice(1, NonceLength), envelope[(1 + NonceLength)..^TagLength], envelope[^TagLength..], key, Associate(did));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException($"The key of {did} cannot be opened: it was altered, or the server secret is another one.", e);
        }

        return key;
    }

    private static byte[] Associate(Did did) => Encoding.UTF8.GetBytes(did.ToString());
}
