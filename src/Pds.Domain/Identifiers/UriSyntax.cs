namespace Pds.Domain.Identifiers;

/// <summary>The syntax of the string format <c>uri</c> in lexicons: a scheme, a colon, and something without white space.</summary>
public static class UriSyntax
{
    private const int MaxLength = 8192;

    /// <summary>Whether the text is a URI by the syntax. The scheme need not be known, nor the characters be ASCII.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        if (text.Length > MaxLength || colon < 1 || colon == text.Length - 1 || !char.IsAsciiLetter(text[0]))
        {
            return false;
        }

        foreach (char c in text[..colon])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        foreach (char c in text[(colon + 1)..])
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc cref="IsValid(ReadOnlySpan{char})"/>
    public static bool IsValid(string text) => IsValid(text.AsSpan());
}
