using System.Security.Cryptography;

namespace Pds.Application.Accounts;

/// <summary>Random texts that people copy by hand: base32 in groups.</summary>
internal static class AccountCodes
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>80 bits: <c>xxxx-xxxx-xxxx-xxxx</c>. The hyphens are part of the password.</summary>
    public static string NewAppPassword() => $"{Group(4)}-{Group(4)}-{Group(4)}-{Group(4)}";

    /// <summary>50 bits: <c>XXXXX-XXXXX</c>.</summary>
    public static string NewEmailToken() => NewPair().ToUpperInvariant();

    /// <summary>50 bits: <c>XXXXX-XXXXX</c>.</summary>
    public static string NewRecoveryCode() => NewPair().ToUpperInvariant();

    /// <summary>50 bits behind the host name: <c>pds-example-com-xxxxx-xxxxx</c>.</summary>
    public static string NewInviteCode(string hostname) => $"{hostname.Replace('.', '-')}-{NewPair()}";

    private static string NewPair() => $"{Group(5)}-{Group(5)}";

    private static string Group(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
