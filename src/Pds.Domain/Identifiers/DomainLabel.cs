namespace Pds.Domain.Identifiers;

/// <summary>The labels between the dots of a domain name: 1 to 63 letters, digits and inner hyphens.</summary>
internal static class DomainLabel
{
    private const int MaxLength = 63;

    /// <summary>Whether every dot-separated part is a label. The empty text has one part, which is none.</summary>
    public static bool AreValid(ReadOnlySpan<char> dotted)
    {
        int start = 0;
        for (int i = 0; i <= dotted.Length; i++)
        {
            if (i < dotted.Length && dotted[i] != '.')
            {
                if (!char.IsAsciiLetterOrDigit(dotted[i]) && dotted[i] != '-')
                {
                    return false;
                }

                continue;
            }

            int length = i - start;
            if (length is 0 or > MaxLength || dotted[start] == '-' || dotted[i - 1] == '-')
            {
                return false;
            }

            start = i + 1;
        }

        return true;
    }
}
