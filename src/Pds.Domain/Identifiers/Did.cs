using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>A decentralized identifier, the permanent name of an account. Case-sensitive and never normalised.</summary>
/// <remarks>
/// Any method with valid syntax is a <see cref="Did"/>; whether the method is supported is a question of resolution.
/// The default value has no text: it prints as the empty one and throws where a text is needed.
/// <para>Source: <see href="https://atproto.com/specs/did"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<Did>))]
public readonly record struct Did : IParsable<Did>, IComparable<Did>
{
    /// <summary>The longest DID, in characters.</summary>
    public const int MaxLength = 2048;

    private const string Prefix = "did:";
    private const string PlcPrefix = "did:plc:";
    private const string WebPrefix = "did:web:";
    private const string LocalPort = "localhost%3A";
    private const int PlcLength = 24;

    private static readonly SearchValues<char> Base32 = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567");

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:%-");

    private readonly string? _value;

    private Did(string value) => _value = value;

    /// <summary>The method: <c>plc</c>, <c>web</c> and so on.</summary>
    public string Method
    {
        get
        {
            string text = Text;
            return text[Prefix.Length..text.IndexOf(':', Prefix.Length)];
        }
    }

    /// <summary>
    /// Whether it is of a method that the protocol has, in the form that it allows: <c>did:plc</c> with 24 characters of base32, <c>did:web</c> with a host and
    /// nothing else, but for a port of <c>localhost</c>.
    /// </summary>
    public bool IsOfAtproto => Method switch
    {
        "plc" => Text[PlcPrefix.Length..] is { Length: PlcLength } hash && !hash.AsSpan().ContainsAnyExcept(Base32),
        "web" => IsHost(Text[WebPrefix.Length..]),
        _ => false,
    };

    /// <summary>Whether the text has the syntax of a DID.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[Prefix.Length..];
        int method = rest.IndexOfAnyExceptInRange('a', 'z');
        if (method < 1 || rest[method] != ':')
        {
            return false;
        }

        ReadOnlySpan<char> identifier = rest[(method + 1)..];
        return !identifier.IsEmpty && identifier[^1] is not (':' or '%') && !identifier.ContainsAnyExcept(Allowed);
    }

    /// <summary>Reads a DID, without service fragment.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Did did)
    {
        bool valid = text is not null && IsValid(text);
        did = valid ? new(text!) : default;
        return valid;
    }

    /// <summary>Reads a DID.</summary>
    /// <exception cref="FormatException">The text is not a DID.</exception>
    public static Did Parse(string text) => TryParse(text, out Did did) ? did : throw new FormatException("Not a DID.");

    /// <summary>Ordinal order of the texts.</summary>
    public int CompareTo(Did other) => string.CompareOrdinal(_value, other._value);

    /// <summary>The text, as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>The text, where there must be one.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    internal string Text => _value ?? throw new InvalidOperationException("The default Did has no text.");

    private static bool IsHost(string text) =>
        text.StartsWith(LocalPort, StringComparison.OrdinalIgnoreCase)
            ? ushort.TryParse(text.AsSpan(LocalPort.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            : !text.Contains('%', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal) && Uri.CheckHostName(text) is not UriHostNameType.Unknown;

    static Did IParsable<Did>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Did>.TryParse(string? s, IFormatProvider? provider, out Did result) => TryParse(s, out result);
}
