using Pds.Infrastructure.Crypto;

namespace Pds.UnitTests.Crypto;

internal static class GivenScrypt
{
    /// <summary>The name of every implementation.</summary>
    public static readonly string[] Names = ["libsodium", "OpenSSL", "BouncyCastle"];

    /// <summary>The implementation of that name; where its library is missing the test is ignored, in continuous integration it fails.</summary>
    public static Scrypt By(string name)
    {
        Scrypt? scrypt = name switch
        {
            "libsodium" => SodiumScrypt.TryLoad(),
            "OpenSSL" => OpenSslScrypt.TryLoad(),
            _ => new ManagedScrypt(),
        };

        if (scrypt is null)
        {
            Requirement.IsMissing($"{name} is not installed.");
        }

        return scrypt!;
    }
}
