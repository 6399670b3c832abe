using System.Collections.Frozen;

namespace Pds.Domain.Identifiers;

/// <summary>The syntax of the string format <c>language</c>: a BCP 47 tag that is well-formed, and valid as far as that needs no registry.</summary>
/// <remarks>
/// Narrower than BCP 47 in one point, as new records demand: the language itself is 2 or 3 lower-case letters.
/// <para>Source: <see href="https://www.rfc-editor.org/rfc/rfc5646#section-2.1"/></para>
/// </remarks>
public static class LanguageTag
{
    private const int MaxLength = 128;
    private const int MaxSubtagLength = 8;
    private const int MaxExtendedLanguages = 3;

    private static readonly FrozenSet<string> Grandfathered = FrozenSet.ToFrozenSet(
        [
            "en-GB-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay",
            "i-tsu", "sgn-BE-FR", "sgn-BE-NL", "sgn-CH-DE", "art-lojban", "cel-gaulish", "no-bok", "no-nyn", "zh-guoyu", "zh-hakka", "zh-min",
            "zh-min-nan", "zh-xiang",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text is a language tag. Tags of more than 128 characters are refused.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length > MaxLength)
        {
            return false;
        }

        if (Grandfathered.Contains(text))
        {
            return true;
        }

        string[] subtags = text.Split('-');
        if (!Array.TrueForAll(subtags, IsSubtag))
        {
            return false;
        }

        int at = 0;
        return IsPrivateUse(subtags, at)
            || (TryReadLanguage(subtags, ref at)
                && TryReadVariants(subtags, ref at)
                && TryReadExtensions(subtags, ref at)
                && (at == subtags.Length || IsPrivateUse(subtags, at)));
    }

    private static bool TryReadLanguage(string[] subtags, ref int at)
    {
        string language = subtags[at++];
        if (language.Length is not (2 or 3) || language.AsSpan().ContainsAnyExceptInRange('a', 'z'))
        {
            return false;
        }

        for (int i = 0; i < MaxExtendedLanguages && At(subtags, at).Length == 3 && IsAlphabetic(At(subtags, at)); i++)
        {
            at++;
        }

        string script = At(subtags, at);
        at += script.Length == 4 && IsAlphabetic(script) ? 1 : 0;

        string region = At(subtags, at);
        at += (region.Length == 2 && IsAlphabetic(region)) || (region.Length == 3 && IsNumeric(region)) ? 1 : 0;
        return true;
    }

    private static bool TryReadVariants(string[] subtags, ref int at)
    {
        int first = at;
        while (IsVariant(At(subtags, at)))
        {
            if (Contains(subtags.AsSpan(first, at - first), subtags[at]))
            {
                return false;
            }

            at++;
        }

        return true;
    }

    private static bool TryReadExtensions(string[] subtags, ref int at)
    {
        string singletons = "";
        while (At(subtags, at) is { Length: 1 } singleton && singleton is not ("x" or "X"))
        {
            if (singletons.Contains(singleton, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            singletons += singleton;
            int first = ++at;
            while (At(subtags, at).Length >= 2)
            {
                at++;
            }

            if (at == first)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPrivateUse(string[] subtags, int at) => subtags[at] is "x" or "X" && at + 1 < subtags.Length;

    private static bool IsVariant(string subtag) => subtag.Length >= 5 || (subtag.Length == 4 && char.IsAsciiDigit(subtag[0]));

    private static string At(string[] subtags, int at) => at < subtags.Length ? subtags[at] : "";

    private static bool Contains(ReadOnlySpan<string> subtags, string wanted)
    {
        foreach (string subtag in subtags)
        {
            if (string.Equals(subtag, wanted, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSubtag(string subtag) => subtag.Length is >= 1 and <= MaxSubtagLength && subtag.All(char.IsAsciiLetterOrDigit);

    private static bool IsAlphabetic(string subtag) => subtag.All(char.IsAsciiLetter);

    private static bool IsNumeric(string subtag) => subtag.All(char.IsAsciiDigit);
}
