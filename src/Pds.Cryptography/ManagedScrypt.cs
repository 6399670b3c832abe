using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;

namespace Pds.Cryptography;

/// <summary>scrypt by BouncyCastle: available everywhere.</summary>
internal sealed class ManagedScrypt : Scrypt
{
    /// <inheritdoc/>
    public override string Name => "BouncyCastle";

    private protected override bool TryDerive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        byte[] copy = password.ToArray();
        try
        {
            SCrypt.Generate(copy, salt.ToArray(), cost, blockSize, parallelization, key.Length).CopyTo(key);
            return true;
        }
        catch (ArgumentException)
        {
            return false; // it refused a parameter
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
