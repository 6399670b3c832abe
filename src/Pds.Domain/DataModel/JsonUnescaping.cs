using System.Globalization;
using System.Text;

namespace Pds.Domain.DataModel;

/// <summary>Resolves the escapes of a JSON string whose syntax the JSON reader has checked. Keeps every character, NUL and U+FEFF too.</summary>
internal static class JsonUnescaping
{
    private const byte Backslash = (byte)'\\';
    private const int HexDigits = 4;

    /// <summary>Resolves the escapes in place and gives the length of the result.</summary>
    /// <exception cref="DataModelException">A surrogate lacks its other half.</exception>
    public static int InPlace(Span<byte> text)
    {
        int read = text.IndexOf(Backslash);
        if (read < 0)
        {
            return text.Length;
        }

        int written = read;
        while (read < text.Length)
        {
            // Here a backslash comes next.
            byte escape = text[read + 1];
            read += 2;
            if (escape == 'u')
            {
                written += ReadRune(text, ref read).EncodeToUtf8(text[written..]);
            }
            else
            {
                text[written++] = escape switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => escape,
                };
            }

            int plain = text[read..].IndexOf(Backslash);
            plain = plain < 0 ? text.Length - read : plain;
            text.Slice(read, plain).CopyTo(text[written..]);
            read += plain;
            written += plain;
        }

        return written;
    }

    private static Rune ReadRune(ReadOnlySpan<byte> text, ref int read)
    {
        char first = ReadUnit(text, ref read);
        if (!char.IsSurrogate(first))
        {
            return new Rune(first);
        }

        if (text[read..].StartsWith("\\u"u8))
        {
            read += 2;
            if (Rune.TryCreate(first, ReadUnit(text, ref read), out Rune rune))
            {
                return rune;
            }
        }

        throw new DataModelException("A string has a lone surrogate.");
    }

    private static char ReadUnit(ReadOnlySpan<byte> text, ref int read)
    {
        ushort unit = ushort.Parse(text.Slice(read, HexDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        read += HexDigits;
        return (char)unit;
    }
}
