using Pds.Cryptography;

namespace Pds.UnitTests.Crypto;

internal static class GivenSecp256k1
{
    /// <summary>The name of every implementation.</summary>
    public static readonly string[] Names = ["libsecp256k1", "BouncyCastle"];

    /// <summary>The implementation of that name. The package brings libsecp256k1 along, so it is never missing.</summary>
    public static Secp256k1 By(string name) => name == "libsecp256k1"
        ? NativeSecp256k1.TryLoad() ?? throw new DllNotFoundException("libsecp256k1 does not load here, or fails the self-test.")
        : new ManagedSecp256k1();
}
