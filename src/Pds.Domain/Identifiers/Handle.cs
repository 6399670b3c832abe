using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>A domain name that an account goes by. Lower-cased when read, so that equality is that of the DNS.</summary>
/// <remarks>
/// Syntax only: whether a handle may be registered is another question (<see cref="HasDisallowedTopLevelDomain"/>).
/// The default value has no text: it prints as the empty one and throws where a text is needed.
/// <para>Source: <see href="https://atproto.com/specs/handle"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<Handle>))]
public readonly record struct Handle : IParsable<Handle>
{
    /// <summary>The longest handle, in characters.</summary>
    public const int MaxLength = 253;

    private static readonly string[] DisallowedTopLevelDomains =
        [".alt", ".arpa", ".example", ".internal", ".invalid", ".local", ".localhost", ".onion"];

    private readonly string? _value;

    private Handle(string value) => _value = value;

    /// <summary><c>handle.invalid</c>, shown for an account whose handle does not hold. Never accepted as input.</summary>
    public static Handle Invalid => new("handle.invalid");

    /// <summary>Whether registration and resolution are refused for the top-level domain, though the syntax is valid.</summary>
    public bool HasDisallowedTopLevelDomain
    {
        get
        {
            string text = Text;
            return Array.Exists(DisallowedTopLevelDomains, domain => text.EndsWith(domain, StringComparison.Ordinal));
        }
    }

    /// <summary>Whether the text has the syntax of a handle, in any case.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength)
        {
            return false;
        }

        int last = text.LastIndexOf('.') + 1;
        return last > 0 && last < text.Length && char.IsAsciiLetter(text[last]) && DomainLabel.AreValid(text);
    }

    /// <summary>Reads a handle and lower-cases it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Handle handle)
    {
        bool valid = text is not null && IsValid(text);
        handle = valid ? new(text!.ToLowerInvariant()) : default;
        return valid;
    }

    /// <summary>Reads a handle and lower-cases it.</summary>
    /// <exception cref="FormatException">The text is not a handle.</exception>
    public static Handle Parse(string text) => TryParse(text, out Handle handle) ? handle : throw new FormatException("Not a handle.");

    /// <summary>The lower-case text; empty for the default value.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>The text, where there must be one.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    internal string Text => _value ?? throw new InvalidOperationException("The default Handle has no text.");

    static Handle IParsable<Handle>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Handle>.TryParse(string? s, IFormatProvider? provider, out Handle result) => TryParse(s, out result);
}
