using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>A namespaced identifier: the name of a lexicon, such as <c>app.bsky.feed.post</c>. Never lower-cased.</summary>
/// <remarks>
/// The segments but the last are a domain name in reverse, the last is the name. The default value has no text: it prints as the empty one and throws where a text is needed.
/// <para>Source: <see href="https://atproto.com/specs/nsid"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<Nsid>))]
public readonly record struct Nsid : IParsable<Nsid>, IComparable<Nsid>
{
    /// <summary>The longest NSID, in characters.</summary>
    public const int MaxLength = 317;

    private const int MaxNameLength = 63;

    private readonly string? _value;

    private Nsid(string value) => _value = value;

    /// <summary>The last segment.</summary>
    public string Name => Text[(Text.LastIndexOf('.') + 1)..];

    /// <summary>The domain that the NSID belongs to: all segments but the last, in reverse, as they were written.</summary>
    public string Authority
    {
        get
        {
            string text = Text;
            string[] segments = text[..text.LastIndexOf('.')].Split('.');
            Array.Reverse(segments);
            return string.Join('.', segments);
        }
    }

    /// <summary>Whether the text has the syntax of an NSID.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        int last = text.LastIndexOf('.');
        if (last < 0 || text.Length > MaxLength)
        {
            return false;
        }

        ReadOnlySpan<char> authority = text[..last];
        ReadOnlySpan<char> name = text[(last + 1)..];
        return authority.Contains('.')
            && char.IsAsciiLetter(authority[0])
            && DomainLabel.AreValid(authority)
            && IsName(name);
    }

    /// <summary>Reads an NSID.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Nsid nsid)
    {
        bool valid = text is not null && IsValid(text);
        nsid = valid ? new(text!) : default;
        return valid;
    }

    /// <summary>Reads an NSID.</summary>
    /// <exception cref="FormatException">The text is not an NSID.</exception>
    public static Nsid Parse(string text) => TryParse(text, out Nsid nsid) ? nsid : throw new FormatException("Not an NSID.");

    /// <summary>Ordinal order of the texts.</summary>
    public int CompareTo(Nsid other) => string.CompareOrdinal(_value, other._value);

    /// <summary>The text, as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>The text, where there must be one.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    internal string Text => _value ?? throw new InvalidOperationException("The default Nsid has no text.");

    static Nsid IParsable<Nsid>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Nsid>.TryParse(string? s, IFormatProvider? provider, out Nsid result) => TryParse(s, out result);

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxNameLength || !char.IsAsciiLetter(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
