using System.Buffers;

namespace Pds.Domain.Identifiers;

/// <summary>The syntax of the string format <c>cid</c> in lexicons: CIDs of any kind but version 0. Wider than what this server makes.</summary>
public static class CidSyntax
{
    private const int MinLength = 8;
    private const int MaxLength = 256;
    private const string Version0Prefix = "Qmb";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=");

    /// <summary>Whether the text may be a CID.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length is >= MinLength and <= MaxLength
        && !text.ContainsAnyExcept(Allowed)
        && !text.StartsWith(Version0Prefix, StringComparison.Ordinal);

    /// <inheritdoc cref="IsValid(ReadOnlySpan{char})"/>
    public static bool IsValid(string text) => IsValid(text.AsSpan());
}
