using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>A timestamp identifier: a record key, or the revision of a commit.</summary>
/// <remarks>
/// A 64-bit integer: one zero bit, 53 bits of microseconds since the Unix epoch, 10 bits of clock id. Its text is always
/// 13 base32-sortable characters, so text order and time order agree. The default value is the valid TID <c>2222222222222</c>.
/// <para>Source: <see href="https://atproto.com/specs/tid"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<Tid>))]
public readonly record struct Tid : IComparable<Tid>, IParsable<Tid>
{
    /// <summary>Characters in the text of every TID.</summary>
    public const int TextLength = 13;

    /// <summary>The largest time a TID holds, in microseconds since the Unix epoch.</summary>
    public const long MaxUnixMicroseconds = (1L << 53) - 1;

    /// <summary>The largest clock id.</summary>
    public const int MaxClockId = 1023;

    private const int ClockBits = 10;

    private static ReadOnlySpan<byte> Alphabet => "234567abcdefghijklmnopqrstuvwxyz"u8;

    private readonly long _value;

    private Tid(long value) => _value = value;

    /// <summary>The integer, 0 to 2^63 - 1. Its order is the order of the text.</summary>
    public long Value => _value;

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long UnixMicroseconds => _value >> ClockBits;

    /// <summary>Clock id, 0 to 1023.</summary>
    public int ClockId => (int)(_value & MaxClockId);

    /// <summary>Composes a TID from its parts.</summary>
    /// <param name="unixMicroseconds">Microseconds since the Unix epoch, 0 to 2^53 - 1.</param>
    /// <param name="clockId">Clock id, 0 to 1023.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part does not fit its field.</exception>
    public static Tid Create(long unixMicroseconds, int clockId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unixMicroseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unixMicroseconds, MaxUnixMicroseconds);
        ArgumentOutOfRangeException.ThrowIfNegative(clockId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clockId, MaxClockId);
        return new((unixMicroseconds << ClockBits) | (uint)clockId);
    }

    /// <summary>The TID that has this <see cref="Value"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public static Tid FromValue(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return new(value);
    }

    /// <summary>Whether the text has the syntax of a TID.</summary>
    /// <remarks>
    /// The syntax leaves room for a 64th bit that the layout reserves as zero; a text that sets it has valid syntax,
    /// but no <see cref="Tid"/>.
    /// </remarks>
    public static bool IsValid(ReadOnlySpan<char> text) => TryDecode(text, out _);

    /// <summary>Reads the 13 characters of a TID. Dashed and upper-case forms are refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Tid tid) => TryParse(text.AsSpan(), out tid);

    /// <inheritdoc cref="TryParse(string?, out Tid)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out Tid tid)
    {
        if (TryDecode(text, out ulong value) && value <= long.MaxValue)
        {
            tid = new((long)value);
            return true;
        }

        tid = default;
        return false;
    }

    /// <summary>Reads a TID.</summary>
    /// <exception cref="FormatException">The text is not a TID.</exception>
    public static Tid Parse(string text) => TryParse(text, out Tid tid) ? tid : throw new FormatException("Not a TID.");

    /// <inheritdoc/>
    public int CompareTo(Tid other) => _value.CompareTo(other._value);

    /// <summary>Earlier, or at the same time from a lower clock id.</summary>
    public static bool operator <(Tid a, Tid b) => a._value < b._value;

    /// <summary>Later, or at the same time from a higher clock id.</summary>
    public static bool operator >(Tid a, Tid b) => a._value > b._value;

    /// <summary>Not later.</summary>
    public static bool operator <=(Tid a, Tid b) => a._value <= b._value;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Tid a, Tid b) => a._value >= b._value;

    /// <summary>Writes the text as 13 ASCII bytes.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="TextLength"/>.</exception>
    public void CopyTo(Span<byte> utf8)
    {
        if (utf8.Length < TextLength)
        {
            throw new ArgumentException("A TID takes 13 bytes.", nameof(utf8));
        }

        ulong rest = (ulong)_value;
        for (int i = TextLength - 1; i >= 0; i--)
        {
            utf8[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    }

    /// <summary>The 13 characters.</summary>
    public override string ToString() => string.Create(TextLength, _value, static (text, value) =>
    {
        for (int i = TextLength - 1; i >= 0; i--)
        {
            text[i] = (char)Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    });

    static Tid IParsable<Tid>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Tid>.TryParse(string? s, IFormatProvider? provider, out Tid result) => TryParse(s, out result);

    private static bool TryDecode(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.Length != TextLength || DigitOf(text[0]) > 15)
        {
            return false;
        }

        foreach (char c in text)
        {
            uint digit = DigitOf(c);
            if (digit > 31)
            {
                return false;
            }

            value = (value << 5) | digit;
        }

        return true;
    }

    private static uint DigitOf(char c) => c switch
    {
        >= '2' and <= '7' => (uint)(c - '2'),
        >= 'a' and <= 'z' => (uint)(c - 'a' + 6),
        _ => uint.MaxValue,
    };
}
