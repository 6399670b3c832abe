namespace Pds.Domain.Lexicons;

/// <summary>Where definitions are found. Safe for concurrent use.</summary>
public interface ILexiconSource
{
    /// <summary>A definition, or <see langword="null"/> where it is not known.</summary>
    /// <param name="name">The full name: <c>nsid#name</c>, the definition <c>main</c> without fragment.</param>
    LexiconSchema? Find(string name);
}

/// <summary>A fixed set of lexicons.</summary>
public sealed class LexiconSet : ILexiconSource
{
    private readonly Dictionary<string, LexiconSchema> _defs = new(StringComparer.Ordinal);

    /// <summary>Takes the definitions of all documents; of two with one name the later counts.</summary>
    public LexiconSet(IEnumerable<LexiconDocument> documents)
    {
        foreach ((string name, LexiconSchema schema) in documents.SelectMany(document => document.Defs))
        {
            _defs[name] = schema;
        }
    }

    /// <inheritdoc/>
    public LexiconSchema? Find(string name) => _defs.GetValueOrDefault(name);
}
