using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pds.Domain.Lexicons;

/// <summary>Counts what readers take for characters: extended grapheme clusters.</summary>
/// <remarks>Source: <see href="https://www.unicode.org/reports/tr29/"/></remarks>
internal static class Graphemes
{
    private const int StackLength = 512;

    /// <summary>Whether a text has so many, of which it has at most one for each byte.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="min">Fewest; <see langword="null"/> is none.</param>
    /// <param name="max">Most; <see langword="null"/> is any number.</param>
    public static bool AreWithin(ReadOnlySpan<byte> utf8, long? min, long? max)
    {
        long fewest = min ?? 0;
        long most = max ?? long.MaxValue;
        if (utf8.Length < fewest)
        {
            return false;
        }

        if (fewest <= 1 && utf8.Length <= most)
        {
            return true;
        }

        // Most texts have less UTF-16 than graphemes are allowed, and then nothing is segmented.
        int units = Encoding.UTF8.GetCharCount(utf8);
        return units >= fewest && ((fewest <= 1 && units <= most) || Count(utf8, units, fewest, most));
    }

    private static bool Count(ReadOnlySpan<byte> utf8, int units, long fewest, long most)
    {
        char[]? rented = units > StackLength ? ArrayPool<char>.Shared.Rent(units) : null;
        Span<char> chars = rented ?? stackalloc char[StackLength];
        ReadOnlySpan<char> text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        long count = 0;
        while (!text.IsEmpty && count <= most)
        {
            text = text[StringInfo.GetNextTextElementLength(text)..];
            count++;
        }

        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return count >= fewest && count <= most;
    }
}
