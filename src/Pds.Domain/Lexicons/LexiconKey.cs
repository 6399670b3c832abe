using System.Diagnostics.CodeAnalysis;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Lexicons;

/// <summary>What the keys of a collection's records may be: <c>tid</c>, <c>nsid</c>, <c>literal:…</c> or <c>any</c>.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/record-key#record-key-types"/></remarks>
public sealed class LexiconKey
{
    private const string LiteralPrefix = "literal:";

    private readonly string _text;

    private LexiconKey(string text) => _text = text;

    /// <summary>The only key there is, if the type is a literal.</summary>
    public string? Literal => _text.StartsWith(LiteralPrefix, StringComparison.Ordinal) ? _text[LiteralPrefix.Length..] : null;

    /// <summary>Reads a key type.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out LexiconKey? key)
    {
        bool isKnown = text is "tid" or "nsid" or "any"
            || (text.StartsWith(LiteralPrefix, StringComparison.Ordinal) && RecordKey.IsValid(text.AsSpan(LiteralPrefix.Length)));
        key = isKnown ? new(text) : null;
        return isKnown;
    }

    /// <summary>Whether a record may have the key.</summary>
    public bool Accepts(RecordKey key) => _text switch
    {
        "any" => true,
        "tid" => Tid.IsValid(key.ToString()),
        "nsid" => Nsid.IsValid(key.ToString()),
        _ => key.ToString() == Literal,
    };

    /// <summary>What a key must be, for people: <c>a TID</c>.</summary>
    public string Describe() => _text switch
    {
        "any" => "a record key",
        "tid" => "a TID",
        "nsid" => "an NSID",
        _ => $"\"{Literal}\"",
    };

    /// <summary>As lexicons write it.</summary>
    public override string ToString() => _text;
}
