using System.Text.Json;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Lexicons;

/// <summary>A lexicon: the definitions under one NSID. Immutable.</summary>
/// <remarks>
/// Parsing checks everything that one document can tell; whether definitions of other lexicons that it refers to exist and are of the
/// right kind is checked by <see cref="LexiconReferences"/>. Descriptions and fields that the language does not know are dropped.
/// <para>Source: <see href="https://atproto.com/specs/lexicon"/></para>
/// </remarks>
public sealed class LexiconDocument
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    internal LexiconDocument(Nsid id, IReadOnlyDictionary<string, LexiconSchema> defs)
    {
        Id = id;
        Defs = defs;
    }

    /// <summary>Its NSID.</summary>
    public Nsid Id { get; }

    /// <summary>All definitions by full name: <c>nsid#name</c>, the definition <c>main</c> without fragment.</summary>
    public IReadOnlyDictionary<string, LexiconSchema> Defs { get; }

    /// <summary>The definition <c>main</c>, if there is one.</summary>
    public LexiconSchema? Main => Defs.GetValueOrDefault(Id.ToString());

    /// <summary>Reads a lexicon.</summary>
    /// <param name="utf8Json">The document.</param>
    /// <exception cref="LexiconFormatException">Not JSON, or not a lexicon; the message says where.</exception>
    public static LexiconDocument Parse(ReadOnlyMemory<byte> utf8Json)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8Json, Strict);
            return LexiconParser.Parse(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not Unicode, found only when it is asked for.
            throw new LexiconFormatException("The document is not well-formed JSON.");
        }
    }
}
