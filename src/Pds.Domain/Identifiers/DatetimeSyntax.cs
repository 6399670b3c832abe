namespace Pds.Domain.Identifiers;

/// <summary>The syntax of the string format <c>datetime</c>: RFC 3339 and ISO 8601 at once, with seconds and a time zone.</summary>
/// <remarks>
/// Judged as text, since <see cref="DateTime"/> knows no year 0. A day up to 31 passes in every month, as the parsers of the network
/// roll it over; a leap second does not, and neither does an instant outside of the years 0 to 9999 in UTC.
/// <para>Source: <see href="https://atproto.com/specs/lexicon#datetime"/></para>
/// </remarks>
public static class DatetimeSyntax
{
    private const int MaxLength = 64;
    private const int SecondsEnd = 19;
    private const int MinutesPerDay = 24 * 60;

    /// <summary>Whether the text is a datetime that new records may hold.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is <= SecondsEnd or > MaxLength
            || !TryReadNumber(text[..4], 9999, out int year)
            || text[4] != '-'
            || !TryReadNumber(text[5..7], 12, out int month)
            || text[7] != '-'
            || !TryReadNumber(text[8..10], 31, out int day)
            || text[10] != 'T'
            || !TryReadNumber(text[11..13], 23, out int hour)
            || text[13] != ':'
            || !TryReadNumber(text[14..16], 59, out int minute)
            || text[16] != ':'
            || !TryReadNumber(text[17..SecondsEnd], 59, out _)
            || month == 0
            || day == 0
            || !TryReadOffset(AfterFraction(text[SecondsEnd..]), out int offset))
        {
            return false;
        }

        int minuteOfDay = (hour * 60) + minute - offset;
        return (year, month, day) switch
        {
            (0, 1, 1) => minuteOfDay >= 0,
            (9999, 12, 31) => minuteOfDay < MinutesPerDay,
            _ => true,
        };
    }

    /// <inheritdoc cref="IsValid(ReadOnlySpan{char})"/>
    public static bool IsValid(string text) => IsValid(text.AsSpan());

    /// <summary>The text after the fraction of the second; a point without digits is left, and fails as a time zone.</summary>
    private static ReadOnlySpan<char> AfterFraction(ReadOnlySpan<char> text)
    {
        if (text[0] != '.')
        {
            return text;
        }

        int end = text[1..].IndexOfAnyExceptInRange('0', '9');
        return end < 1 ? text : text[(end + 1)..];
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text is "Z")
        {
            return true;
        }

        if (text.Length != 6
            || text[0] is not ('+' or '-')
            || text is "-00:00"
            || text[3] != ':'
            || !TryReadNumber(text[1..3], 23, out int hour)
            || !TryReadNumber(text[4..], 59, out int minute))
        {
            return false;
        }

        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, int max, out int number)
    {
        number = 0;
        foreach (char c in digits)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            number = (number * 10) + (c - '0');
        }

        return number <= max;
    }
}
