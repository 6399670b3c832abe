namespace Pds.Domain.Accounts;

/// <summary>Lists of names as operators write them: white space parts the names, what follows a <c>#</c> on a line counts for nothing.</summary>
public static class WordList
{
    /// <summary>Reads a list; the names come out in lower case.</summary>
    /// <param name="lines">The lines of a file.</param>
    public static IEnumerable<string> Parse(IEnumerable<string> lines) =>
        lines.SelectMany(line => line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Select(name => name.ToLowerInvariant());

    /// <summary>Reads one of the lists in <c>Lists/</c>.</summary>
    internal static IEnumerable<string> ReadBuiltIn(string name)
    {
        using Stream stream = typeof(WordList).Assembly.GetManifestResourceStream($"list:{name}") ?? throw new ArgumentException("There is no such list.", nameof(name));
        using var reader = new StreamReader(stream);
        return [.. Parse(reader.ReadToEnd().Split('\n'))];
    }
}
