using System.Text;
using Pds.Domain.Lexicons;

namespace Pds.Application.Lexicons;

/// <summary>A lexicon that the host gave as text.</summary>
/// <param name="Json">The document.</param>
internal sealed record AddedLexicon(string Json);

/// <summary>A directory of lexicons that the host named.</summary>
/// <param name="Path">Where it is.</param>
internal sealed record AddedLexiconDirectory(string Path);

/// <summary>Reads the lexicons of host and operator once, at start, and tells all that is wrong with them.</summary>
internal sealed class AddedLexicons(IEnumerable<AddedLexicon> texts, IEnumerable<AddedLexiconDirectory> directories, BuiltInLexicons builtIn)
{
    private readonly Lock _gate = new();
    private LexiconLoad? _load;

    /// <summary>Reads everything, or gives what was read before.</summary>
    /// <param name="directory">The operator's directory, besides those of the host; <see langword="null"/> for none.</param>
    public LexiconLoad Load(string? directory)
    {
        lock (_gate)
        {
            return _load ??= Read(directory);
        }
    }

    private LexiconLoad Read(string? directory)
    {
        List<string> faults = [];
        Dictionary<string, LexiconDocument> documents = new(StringComparer.Ordinal);
        foreach ((string origin, ReadOnlyMemory<byte> json) in Sources(directory, faults))
        {
            try
            {
                var document = LexiconDocument.Parse(json);
                if (!documents.TryAdd(document.Id.ToString(), document))
                {
                    faults.Add($"{origin}: the lexicon {document.Id} is there twice. Remove one of the two.");
                }
            }
            catch (LexiconFormatException e)
            {
                faults.Add($"{origin}: {e.Message}");
            }
        }

        var all = new LexiconOverlay(new LexiconSet(documents.Values), builtIn);
        foreach (LexiconDocument document in documents.Values)
        {
            if (document.Main is RecordSchema record)
            {
                faults.AddRange(LexiconReferences.FindGaps(record, all).Distinct().Select(gap =>
                    $"The lexicon {document.Id} needs {gap.Name}, which {gap.Message}. Add or correct the lexicon that defines it."));
            }
        }

        return new LexiconLoad(all, faults);
    }

    private IEnumerable<(string Origin, ReadOnlyMemory<byte> Json)> Sources(string? directory, List<string> faults)
    {
        foreach (AddedLexicon text in texts)
        {
            yield return ("A lexicon added in code", Encoding.UTF8.GetBytes(text.Json));
        }

        foreach (string path in directories.Select(added => added.Path).Concat(directory is null ? [] : [directory]).Distinct(StringComparer.Ordinal))
        {
            if (!Directory.Exists(path))
            {
                faults.Add($"The directory of lexicons {path} (PDS_LEXICON_DIRECTORY) does not exist.");
                continue;
            }

            foreach (string file in Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                if (TryRead(file, faults) is { } json)
                {
                    yield return (file, json);
                }
            }
        }
    }

    private static byte[]? TryRead(string file, List<string> faults)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{file}: the file cannot be read.");
            return null;
        }
    }
}

/// <summary>What <see cref="AddedLexicons"/> read.</summary>
/// <param name="Lexicons">The lexicons of host and operator, before the built-in ones.</param>
/// <param name="Faults">What is wrong, each with where.</param>
internal sealed record LexiconLoad(ILexiconSource Lexicons, IReadOnlyList<string> Faults);

/// <summary>Two sources as one.</summary>
/// <param name="first">Counts where both have a name.</param>
/// <param name="second">Has the rest.</param>
internal sealed class LexiconOverlay(ILexiconSource first, ILexiconSource second) : ILexiconSource
{
    public LexiconSchema? Find(string name) => first.Find(name) ?? second.Find(name);
}
