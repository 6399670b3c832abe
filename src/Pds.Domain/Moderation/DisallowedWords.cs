using System.Collections.Frozen;

namespace Pds.Domain.Moderation;

/// <summary>Words that have no place in names everybody sees: handles and record keys. What people write in their records is not its business.</summary>
/// <remarks>
/// A name is compared without regard to case, to digits and signs that stand for letters (<c>1</c> for <c>i</c>), and to an <c>s</c> at the end of a word. Its words are
/// what its punctuation parts; the whole name without punctuation is one more. A word within another is not found, so that harmless ones pass.
/// </remarks>
public sealed class DisallowedWords
{
    private const string Disguises = "0o1i3e4a5s7t8b@a$s!i";

    private readonly FrozenSet<string> _words;
    private readonly string[] _beginnings;

    /// <summary>A list.</summary>
    /// <param name="entries">Words of letters and digits; one that ends in <c>*</c> is the beginning of words. Empty ones count for nothing.</param>
    public DisallowedWords(IEnumerable<string> entries)
    {
        string[] all = [.. entries.Select(entry => entry.Trim()).Where(entry => entry.Length > 0)];
        _words = all.Where(entry => !entry.EndsWith('*')).Select(Plain).ToFrozenSet(StringComparer.Ordinal);
        _beginnings = [.. all.Where(entry => entry.EndsWith('*')).Select(entry => Plain(entry[..^1])).Where(beginning => beginning.Length > 0)];
    }

    /// <summary>A few of the worst slurs of the English language. An operator may replace the list by one of his own, or by none.</summary>
    public static DisallowedWords Default { get; } = new(["chink", "coon", "fag", "faggot*", "kike", "nigga*", "nigger*", "spic", "tranny", "wetback"]);

    /// <summary>Reads a list: one entry in a line, blank lines and those that begin with <c>#</c> count for nothing.</summary>
    public static DisallowedWords Parse(IEnumerable<string> lines) => new(lines.Where(line => !line.TrimStart().StartsWith('#')));

    /// <summary>Whether a name has one of the words.</summary>
    public bool AreIn(string name)
    {
        string[] words = name.Split(['.', '-', '_', ':', '~'], StringSplitOptions.RemoveEmptyEntries);
        return Array.Exists(words, IsListed) || (words.Length > 1 && IsListed(string.Concat(words)));
    }

    private bool IsListed(string word)
    {
        string plain = Plain(word);
        return _words.Contains(plain)
            || (plain.EndsWith('s') && _words.Contains(plain[..^1]))
            || Array.Exists(_beginnings, beginning => plain.StartsWith(beginning, StringComparison.Ordinal));
    }

    private static string Plain(string word) => string.Create(word.Length, word, static (plain, from) =>
    {
        for (int i = 0; i < plain.Length; i++)
        {
            char letter = char.ToLowerInvariant(from[i]);
            int disguise = char.IsAsciiLetter(letter) ? -1 : Disguises.IndexOf(letter, StringComparison.Ordinal);
            plain[i] = disguise < 0 ? letter : Disguises[disguise + 1];
        }
    });
}
