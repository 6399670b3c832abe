using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Pds.Domain.DataModel;

/// <summary>Reads JSON of strangers whose every text is Unicode.</summary>
/// <remarks>
/// <see cref="JsonDocument"/> takes bytes that are not UTF-8 and escapes of lone surrogates, and throws <see cref="InvalidOperationException"/> only
/// when such a text is asked for, deep in code that expects no fault.
/// </remarks>
public static class UnicodeJson
{
    private const int EscapeLength = 5;
    private const byte Backslash = (byte)'\\';

    /// <summary>Parses a document.</summary>
    /// <param name="utf8Json">The text; nobody may change it while the document is used.</param>
    /// <param name="options">How strictly to read.</param>
    /// <exception cref="JsonException">It is not JSON, or holds text that is not Unicode.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8Json, JsonDocumentOptions options = default) =>
        IsUnicode(utf8Json.Span) ? JsonDocument.Parse(utf8Json, options) : throw new JsonException("A text is not Unicode.");

    /// <summary>Whether JSON is UTF-8 and its escapes name no lone surrogate. Where it is not JSON, the answer means nothing.</summary>
    public static bool IsUnicode(ReadOnlySpan<byte> utf8Json)
    {
        if (!Utf8.IsValid(utf8Json))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = utf8Json;
        for (int at = rest.IndexOf(Backslash); at >= 0 && at + 1 < rest.Length; at = rest.IndexOf(Backslash))
        {
            rest = rest[(at + 1)..];
            if (!TryReadUnit(rest, out char unit))
            {
                rest = rest[1..];
                continue;
            }

            rest = rest[EscapeLength..];
            if (char.IsSurrogate(unit))
            {
                if (char.IsLowSurrogate(unit) || rest is not [Backslash, ..] || !TryReadUnit(rest[1..], out char low) || !char.IsLowSurrogate(low))
                {
                    return false;
                }

                rest = rest[(1 + EscapeLength)..];
            }
        }

        return true;
    }

    /// <summary>Reads the <c>u</c> and four hexadecimal digits of an escape.</summary>
    private static bool TryReadUnit(ReadOnlySpan<byte> escape, out char unit)
    {
        unit = default;
        if (escape.Length < EscapeLength || escape[0] != 'u' || !ushort.TryParse(escape[1..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
