using System.Buffers;

namespace Pds.Domain.Accounts;

/// <summary>Handles, DIDs and addresses as people paste them: other programs add spaces, marks for the direction of writing, and at signs.</summary>
public static class PastedText
{
    /// <summary>
    /// Marks that are invisible and part of no name: those of direction, zero-width space, word joiner and byte order mark. The zero-width joiners are none of them,
    /// since words of some languages need them.
    /// </summary>
    private static readonly SearchValues<char> Marks = SearchValues.Create("\u061C\u200B\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069\uFEFF");

    /// <summary>The text without invisible marks, without white space around it, and without one at sign in front.</summary>
    public static string Clean(string text)
    {
        string visible = text.AsSpan().ContainsAny(Marks) ? string.Concat(text.Where(c => !Marks.Contains(c))) : text;
        string name = visible.Trim();
        return name.StartsWith('@') ? name[1..] : name;
    }
}
