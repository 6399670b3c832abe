using Pds.Cryptography;

namespace Pds.UnitTests.Crypto;

internal static class GivenScrypt
{
    /// <summary>The name of every implementation.</summary>
    public static readonly string[] Names = ["libsodium", "BouncyCastle"];

    /// <summary>The implementation of that name. The package brings libsodium along, so it is never missing.</summary>
    public static Scrypt By(string name) => name == "libsodium"
        ? SodiumScrypt.TryLoad() ?? throw new DllNotFoundException("libsodium does not load here, or fails the self-test.")
        : new ManagedScrypt();
}
