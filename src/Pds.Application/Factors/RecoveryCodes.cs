using Pds.Application.Accounts;

namespace Pds.Application.Factors;

/// <summary>Codes to sign in with when the authenticator app is lost: 50 bits, <c>XXXXX-XXXXX</c>, read without regard to case and punctuation.</summary>
internal static class RecoveryCodes
{
    private const int Length = 10;

    /// <summary>New codes as people note them.</summary>
    public static IReadOnlyList<string> New()
    {
        HashSet<string> codes = new(FactorLimits.RecoveryCodes, StringComparer.Ordinal);
        while (codes.Count < FactorLimits.RecoveryCodes)
        {
            codes.Add(AccountCodes.NewRecoveryCode());
        }

        return [.. codes];
    }

    /// <summary>Letters and digits only, in upper case.</summary>
    public static string Normalize(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    /// <summary>All of them, as they are kept.</summary>
    public static IReadOnlyList<string> Normalize(IEnumerable<string> codes) => [.. codes.Select(Normalize)];

    /// <summary>Whether a normalized text can be a code.</summary>
    public static bool IsWellFormed(string code) => code.Length == Length;
}
