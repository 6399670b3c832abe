using System.Buffers;
using Pds.Domain.Errors;

namespace Pds.Domain.OAuth;

/// <summary>The tokens of a scope that are understood, each once, in the order they were written.</summary>
public sealed class ScopeSet
{
    private const int MaxLength = 8192;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(code => (char)code).Where(letter => letter is not ('"' or '\\'))]);

    private ScopeSet(IReadOnlyList<ScopeToken> tokens) => Tokens = tokens;

    /// <summary>The tokens.</summary>
    public IReadOnlyList<ScopeToken> Tokens { get; }

    /// <summary>Splits a scope into its tokens, understood or not.</summary>
    /// <returns><see langword="null"/> unless they are of allowed characters, parted by one space each, 8,192 characters in all at most.</returns>
    public static IReadOnlyList<string>? Split(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return null;
        }

        string[] tokens = text.Split(' ');
        return Array.TrueForAll(tokens, token => token.Length > 0 && !token.AsSpan().ContainsAnyExcept(Allowed)) ? tokens : null;
    }

    /// <summary>The tokens that are understood; others are left out.</summary>
    public static ScopeSet Of(IEnumerable<string> tokens) =>
        new([.. tokens.Distinct(StringComparer.Ordinal).Select(text => ScopeToken.TryParse(text, out ScopeToken? token) ? token : null).OfType<ScopeToken>()]);

    /// <summary>The tokens of a scope that was judged and kept, of any length: permission sets can make it long.</summary>
    public static ScopeSet Parse(string? text) => Of((text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether a token is there, literally.</summary>
    public bool Contains(string token) => Tokens.Any(candidate => candidate.Text == token);

    /// <summary>Whether any token grants a right. Direct messages need the generic token beside their own.</summary>
    public bool Grants(ScopeDemand demand) =>
        Tokens.Any(token => token.Grants(demand) && (token.Text != StaticScope.Chat || Contains(StaticScope.Generic)));

    /// <summary>Requires a right.</summary>
    /// <exception cref="XrpcException">ScopeMissingError, naming the smallest token that would do.</exception>
    public void Require(ScopeDemand demand)
    {
        if (!Grants(demand))
        {
            throw new XrpcException(OAuthErrors.ScopeMissing, $"Missing required scope \"{demand}\"");
        }
    }

    /// <summary>The scope: the tokens, parted by spaces.</summary>
    public override string ToString() => string.Join(' ', Tokens.Select(token => token.Text));
}
