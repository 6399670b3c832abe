using System.Buffers;
using System.Text;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Lexicons;

/// <summary>The syntaxes that a string may be bound to.</summary>
public enum StringFormat
{
    /// <summary>Any text.</summary>
    None,

    /// <summary><c>at-identifier</c>: a DID or a handle.</summary>
    AtIdentifier,

    /// <summary><c>at-uri</c>.</summary>
    AtUri,

    /// <summary><c>cid</c>.</summary>
    Cid,

    /// <summary><c>datetime</c>.</summary>
    Datetime,

    /// <summary><c>did</c>.</summary>
    Did,

    /// <summary><c>handle</c>.</summary>
    Handle,

    /// <summary><c>language</c>.</summary>
    Language,

    /// <summary><c>nsid</c>.</summary>
    Nsid,

    /// <summary><c>record-key</c>.</summary>
    RecordKey,

    /// <summary><c>tid</c>.</summary>
    Tid,

    /// <summary><c>uri</c>.</summary>
    Uri,
}

/// <summary>Names and grammars of <see cref="StringFormat"/>.</summary>
internal static class StringFormats
{
    /// <summary>Bytes of the longest text that has any format: AT-URIs and URIs.</summary>
    private const int MaxLength = 8192;

    private const int StackLength = 512;

    /// <summary>The format of a name; <see cref="StringFormat.None"/> for names of the future.</summary>
    public static StringFormat Parse(string? name) => name switch
    {
        "at-identifier" => StringFormat.AtIdentifier,
        "at-uri" => StringFormat.AtUri,
        "cid" => StringFormat.Cid,
        "datetime" => StringFormat.Datetime,
        "did" => StringFormat.Did,
        "handle" => StringFormat.Handle,
        "language" => StringFormat.Language,
        "nsid" => StringFormat.Nsid,
        "record-key" => StringFormat.RecordKey,
        "tid" => StringFormat.Tid,
        "uri" => StringFormat.Uri,
        _ => StringFormat.None,
    };

    /// <summary>What a text of the format is, for people.</summary>
    public static string Describe(StringFormat format) => format switch
    {
        StringFormat.AtIdentifier => "a DID or handle",
        StringFormat.AtUri => "an AT-URI",
        StringFormat.Cid => "a CID",
        StringFormat.Datetime => "a datetime such as 2024-01-31T12:00:00.000Z",
        StringFormat.Did => "a DID",
        StringFormat.Handle => "a handle",
        StringFormat.Language => "a language tag",
        StringFormat.Nsid => "an NSID",
        StringFormat.RecordKey => "a record key",
        StringFormat.Tid => "a TID",
        StringFormat.Uri => "a URI",
        _ => "a text",
    };

    /// <summary>Whether a text has the syntax of the format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="utf8">Valid UTF-8.</param>
    public static bool IsValid(StringFormat format, ReadOnlySpan<byte> utf8)
    {
        if (format == StringFormat.None || utf8.Length > MaxLength)
        {
            return format == StringFormat.None;
        }

        char[]? rented = utf8.Length > StackLength ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackLength];
        bool isValid = IsValid(format, (ReadOnlySpan<char>)chars[..Encoding.UTF8.GetChars(utf8, chars)]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return isValid;
    }

    private static bool IsValid(StringFormat format, ReadOnlySpan<char> text) => format switch
    {
        StringFormat.AtIdentifier => AtIdentifier.IsValid(text),
        StringFormat.AtUri => AtUri.IsValid(text),
        StringFormat.Cid => CidSyntax.IsValid(text),
        StringFormat.Datetime => DatetimeSyntax.IsValid(text),
        StringFormat.Did => Did.IsValid(text),
        StringFormat.Handle => Handle.IsValid(text),
        StringFormat.Language => LanguageTag.IsValid(text.ToString()),
        StringFormat.Nsid => Nsid.IsValid(text),
        StringFormat.RecordKey => RecordKey.IsValid(text),
        StringFormat.Tid => Tid.IsValid(text),
        _ => UriSyntax.IsValid(text),
    };
}
