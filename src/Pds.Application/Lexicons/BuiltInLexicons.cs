using System.Collections.Concurrent;
using System.Reflection;
using Pds.Domain.Lexicons;

namespace Pds.Application.Lexicons;

/// <summary>The lexicons of the network's record types, as they lie in <c>Schemas/</c>. Each is read when it is first asked for.</summary>
/// <remarks>They hold record types and what these refer to; other definitions of the same NSIDs are left out.</remarks>
internal sealed class BuiltInLexicons : ILexiconSource
{
    private const string ResourcePrefix = "lexicon:";

    private static readonly Assembly Home = typeof(BuiltInLexicons).Assembly;

    private readonly ConcurrentDictionary<string, LexiconSchema> _defs = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<string>> _names = new(() => Names().ToHashSet(StringComparer.Ordinal));

    /// <summary>The NSIDs of all documents.</summary>
    public static IEnumerable<string> Names() =>
        Home.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => name[ResourcePrefix.Length..]);

    /// <summary>The JSON of a document.</summary>
    public static byte[] Read(string nsid)
    {
        using Stream stream = Home.GetManifestResourceStream(ResourcePrefix + nsid)
            ?? throw new ArgumentException("There is no such lexicon.", nameof(nsid));
        byte[] json = new byte[stream.Length];
        stream.ReadExactly(json);
        return json;
    }

    /// <inheritdoc/>
    public LexiconSchema? Find(string name)
    {
        if (_defs.TryGetValue(name, out LexiconSchema? schema))
        {
            return schema;
        }

        int hash = name.IndexOf('#', StringComparison.Ordinal);
        string nsid = hash < 0 ? name : name[..hash];
        if (!_names.Value.Contains(nsid))
        {
            return null;
        }

        LexiconDocument document = LexiconDocument.Parse(Read(nsid));
        foreach ((string defName, LexiconSchema def) in document.Defs)
        {
            _defs.TryAdd(defName, def);
        }

        return document.Defs.GetValueOrDefault(name);
    }
}
