using System.Globalization;
using System.Text;

namespace Pds.Domain.Accounts;

/// <summary>What counts as an e-mail address here: one <c>@</c>, a dot-atom before it and a host name of at least two labels behind it.</summary>
/// <remarks>
/// Stricter than RFC 5322 on purpose: no quoted local parts, comments or address literals. Letters of all scripts are allowed on both sides (RFC 6531, RFC 5890).
/// </remarks>
public static class EmailAddress
{
    /// <summary>Longest address in its normal form, in bytes of UTF-8 (RFC 5321).</summary>
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;
    private const int MaxLabelLength = 63;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Whether the text is an address.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length > MaxLength || !TryNormalize(text, out string address))
        {
            return false;
        }

        int at = address.LastIndexOf('@');
        string local = address[..at];
        string[] labels = address[(at + 1)..].Split('.');
        return Encoding.UTF8.GetByteCount(address) <= MaxLength
            && Encoding.UTF8.GetByteCount(local) <= MaxLocalLength
            && Array.TrueForAll(local.Split('.'), IsAtom)
            && labels.Length > 1
            && Array.TrueForAll(labels, IsLabel)
            && !char.IsAsciiDigit(labels[^1][0]);
    }

    /// <summary>The form in which an address is kept and compared: lower case, composed characters (NFC), and the domain as the DNS has it (<c>xn--…</c>).</summary>
    /// <returns>What is no address, in lower case.</returns>
    public static string Normalize(string text) => TryNormalize(text, out string address) ? address : text.ToLowerInvariant();

    /// <summary>The part behind the <c>@</c>, in its normal form.</summary>
    public static string DomainOf(string address)
    {
        string normal = Normalize(address);
        return normal[(normal.LastIndexOf('@') + 1)..];
    }

    /// <summary>Whether a mail server has to know internationalised addresses to deliver to this one: the part before the <c>@</c> is not ASCII.</summary>
    public static bool NeedsSmtpUtf8(string address) => !Ascii.IsValid(Normalize(address));

    private static bool TryNormalize(string text, out string address)
    {
        address = "";
        int at = text.LastIndexOf('@');
        if (at < 1 || at == text.Length - 1)
        {
            return false;
        }

        try
        {
            string domain = text[(at + 1)..];
            address = $"{text[..at].Normalize(NormalizationForm.FormC)}@{(Ascii.IsValid(domain) ? domain : Idn.GetAscii(domain))}".ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            return false;   // half a surrogate pair, or no name that the DNS could have
        }
    }

    private static bool IsAtom(string text) =>
        text.Length > 0 && text.EnumerateRunes().All(rune => rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || "!#$%&'*+/=?^_`{|}~-".Contains((char)rune.Value, StringComparison.Ordinal)
            : IsVisible(rune));

    private static bool IsVisible(Rune rune) => rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= MaxLabelLength && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
