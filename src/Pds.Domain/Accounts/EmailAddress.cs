namespace Pds.Domain.Accounts;

/// <summary>What counts as an e-mail address here: one <c>@</c>, a dot-atom before it and a host name of at least two labels behind it.</summary>
/// <remarks>Stricter than RFC 5322 on purpose: no quoted local parts, comments or address literals; ASCII only.</remarks>
public static class EmailAddress
{
    /// <summary>Longest address, in characters (RFC 5321).</summary>
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;
    private const int MaxLabelLength = 63;

    /// <summary>Whether the text is an address.</summary>
    public static bool IsValid(string text)
    {
        int at = text.LastIndexOf('@');
        if (text.Length > MaxLength || at is < 1 or > MaxLocalLength)
        {
            return false;
        }

        string[] labels = text[(at + 1)..].Split('.');
        return Array.TrueForAll(text[..at].Split('.'), IsAtom)
            && labels.Length > 1
            && Array.TrueForAll(labels, IsLabel)
            && !char.IsAsciiDigit(labels[^1][0]);
    }

    /// <summary>The part behind the <c>@</c>, in lower case.</summary>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    private static bool IsAtom(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+/=?^_`{|}~-".Contains(c, StringComparison.Ordinal));

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= MaxLabelLength && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
