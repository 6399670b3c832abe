using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pds.Domain.Identifiers;

/// <summary>The address of an account, a collection or a record: <c>at://did:plc:…/app.bsky.feed.post/3k…</c>. Kept exactly as written.</summary>
/// <remarks>
/// The strict form: no query, no trailing slash. A JSON-pointer fragment is kept, though nothing here uses it.
/// Equality is that of the text. The default value has no text: it prints as the empty one and throws where a text is needed.
/// <para>Source: <see href="https://atproto.com/specs/at-uri-scheme"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<AtUri>))]
public readonly record struct AtUri : IParsable<AtUri>
{
    /// <summary>The longest AT-URI, in characters.</summary>
    public const int MaxLength = 8192;

    private const string Scheme = "at://";

    private static readonly SearchValues<char> FragmentCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~:@!$&')(*+,;=%[]/-");

    private readonly string? _value;

    private AtUri(string value) => _value = value;

    /// <summary>The address of a record.</summary>
    /// <exception cref="InvalidOperationException">A part is the default value.</exception>
    public AtUri(Did did, Nsid collection, RecordKey key) => _value = $"{Scheme}{did.Text}/{collection.Text}/{key.Text}";

    /// <summary>The account, by DID or handle.</summary>
    public AtIdentifier Authority => AtIdentifier.Parse(Split(Text).Authority.ToString());

    /// <summary>The collection, when there is one.</summary>
    public Nsid? Collection => Split(Text).Collection is { IsEmpty: false } text ? Nsid.Parse(text.ToString()) : null;

    /// <summary>The record key, when there is one.</summary>
    public RecordKey? Key => Split(Text).Key is { IsEmpty: false } text ? RecordKey.Parse(text.ToString()) : null;

    /// <summary>Whether the text has the strict syntax of an AT-URI.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxLength || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        Parts parts = Split(text);
        return !parts.HasEmptyPart
            && AtIdentifier.IsValid(parts.Authority)
            && (parts.Collection.IsEmpty || Nsid.IsValid(parts.Collection))
            && (parts.Key.IsEmpty || RecordKey.IsValid(parts.Key))
            && (parts.Fragment.IsEmpty || IsFragment(parts.Fragment));
    }

    /// <summary>Reads the strict form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AtUri uri)
    {
        bool valid = text is not null && IsValid(text);
        uri = valid ? new(text!) : default;
        return valid;
    }

    /// <summary>Reads the strict form.</summary>
    /// <exception cref="FormatException">The text is not an AT-URI.</exception>
    public static AtUri Parse(string text) => TryParse(text, out AtUri uri) ? uri : throw new FormatException("Not an AT-URI.");

    /// <summary>The text, as it was given; empty for the default value.</summary>
    public override string ToString() => _value ?? "";

    /// <summary>The text, where there must be one.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    internal string Text => _value ?? throw new InvalidOperationException("The default AtUri has no text.");

    static AtUri IParsable<AtUri>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<AtUri>.TryParse(string? s, IFormatProvider? provider, out AtUri result) => TryParse(s, out result);

    private static Parts Split(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> rest = text[Scheme.Length..];
        Parts parts = default;

        int hash = rest.IndexOf('#');
        if (hash >= 0)
        {
            parts.Fragment = rest[(hash + 1)..];
            parts.HasEmptyPart = parts.Fragment.IsEmpty;
            rest = rest[..hash];
        }

        parts.Authority = First(rest);
        rest = AfterFirst(rest, ref parts.HasEmptyPart);
        parts.Collection = First(rest);
        parts.Key = AfterFirst(rest, ref parts.HasEmptyPart);
        return parts;
    }

    private static ReadOnlySpan<char> First(ReadOnlySpan<char> path)
    {
        int slash = path.IndexOf('/');
        return slash < 0 ? path : path[..slash];
    }

    private static ReadOnlySpan<char> AfterFirst(ReadOnlySpan<char> path, scoped ref bool hasEmptyPart)
    {
        int slash = path.IndexOf('/');
        if (slash < 0)
        {
            return [];
        }

        // A slash announces another part, so there must be something before and after it.
        hasEmptyPart |= slash == 0 || slash == path.Length - 1;
        return path[(slash + 1)..];
    }

    private static bool IsFragment(ReadOnlySpan<char> fragment)
    {
        if (fragment[0] != '/' || fragment.ContainsAnyExcept(FragmentCharacters))
        {
            return false;
        }

        for (int i = fragment.IndexOf('%'); i >= 0;)
        {
            if (i + 2 >= fragment.Length || !char.IsAsciiHexDigit(fragment[i + 1]) || !char.IsAsciiHexDigit(fragment[i + 2]))
            {
                return false;
            }

            int next = fragment[(i + 3)..].IndexOf('%');
            i = next < 0 ? -1 : i + 3 + next;
        }

        return true;
    }

    private ref struct Parts
    {
        public ReadOnlySpan<char> Authority;
        public ReadOnlySpan<char> Collection;
        public ReadOnlySpan<char> Key;
        public ReadOnlySpan<char> Fragment;
        public bool HasEmptyPart;
    }
}
