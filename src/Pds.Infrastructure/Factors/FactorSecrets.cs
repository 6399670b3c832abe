using System.Security.Cryptography;
using System.Text;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Crypto;

namespace Pds.Infrastructure.Factors;

/// <summary>Keeps what signs people in from whoever reads the database: secrets are encrypted, recovery codes hashed under the server's key, since 50 bits could be tried out.</summary>
internal sealed class FactorSecrets
{
    private const string Secrets = "pds:authenticator-secrets:1";
    private const string Codes = "pds:recovery-codes:1";

    private readonly KeyVault _vault;
    private readonly byte[] _codeKey;

    /// <summary>Derives the keys.</summary>
    /// <param name="serverSecret">The secret that the signing keys of accounts are encrypted under as well.</param>
    public FactorSecrets(byte[] serverSecret)
    {
        _vault = new KeyVault(serverSecret, Secrets);
        _codeKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, serverSecret, HMACSHA256.HashSizeInBytes, salt: [], Encoding.UTF8.GetBytes(Codes));
    }

    public byte[] Seal(ReadOnlySpan<byte> secret, Did did) => _vault.Seal(secret, did);

    public byte[] Open(ReadOnlySpan<byte> envelope, Did did) => _vault.Open(envelope, did);

    public string HashOf(Did did, string code) => Convert.ToHexStringLower(HMACSHA256.HashData(_codeKey, Encoding.UTF8.GetBytes($"{did} {code}")));
}
