using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>The name of a record within its collection: 1 to 512 characters, case-sensitive, often a TID.</summary>
/// <remarks>
/// The default value has no text: it prints as the empty one and throws where a text is needed.
/// <para>Source: <see href="https://atproto.com/specs/record-key"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<RecordKey>))]
public readonly record struct RecordKey : IParsable<RecordKey>, IComparable<RecordKey>
{
    /// <summary>The longest record key, in characters.</summary>
    public const int MaxLength = 512;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_~.:-");

    private readonly string? _value;

    private RecordKey(string value) => _value = value;

    /// <summary>The key that reads as the TID.</summary>
    public static RecordKey From(Tid tid) => new(tid.ToString());

    /// <summary>Whether the text has the syntax of a record key.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLength && !text.ContainsAnyExcept(Allowed) && text is not ("." or "..");

    /// <summary>Reads a record key.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RecordKey key)
    {
        bool valid = text is not null && IsValid(text);
        key = valid ? new(text!) : default;
        return valid;
    }

    /// <summary>Reads a record key.</summary>
    /// <exception cref="FormatException">The text is not a record key.</exception>
    public static RecordKey Parse(string text) => TryParse(text, out RecordKey key) ? key : throw new FormatException("Not a record key.");

    /// <summary>Ordinal order of the texts, which is also the order of the bytes.</summary>
    public int CompareTo(RecordKey other) => string.CompareOrdinal(_value, other._value);

    /// <summary>The text, as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>The text, where there must be one.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    internal string Text => _value ?? throw new InvalidOperationException("The default RecordKey has no text.");

    static RecordKey IParsable<RecordKey>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<RecordKey>.TryParse(string? s, IFormatProvider? provider, out RecordKey result) => TryParse(s, out result);
}
