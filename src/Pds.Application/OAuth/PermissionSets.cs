using Pds.Application.Lexicons;
using Pds.Domain.Errors;
using Pds.Domain.Lexicons;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Finds the permission sets that a scope includes: lexicons of host and operator, else those that are published (spec 07 §9.4).</summary>
internal sealed class PermissionSets(ILexiconSource known, ILexiconResolver published)
{
    /// <summary>Most sets of one request; each may have to be fetched.</summary>
    private const int MaxSets = 20;

    /// <summary>Longest list of what sets grant, in characters: every request of the client goes through it.</summary>
    private const int MaxPermissions = 65_536;

    /// <summary>The sets of a scope, in its order.</summary>
    /// <exception cref="XrpcException">invalid_scope: a set cannot be had, or there are too many.</exception>
    public async ValueTask<IReadOnlyList<PermissionSet>> FindAsync(ScopeSet scopes, CancellationToken cancellationToken)
    {
        IncludeScope[] includes = [.. scopes.Tokens.OfType<IncludeScope>()];
        return includes.Length <= MaxSets
            ? await Task.WhenAll(includes.Select(include => FindAsync(include, cancellationToken)))
            : throw Fault($"A request may include {MaxSets} permission sets at most");
    }

    /// <summary>What a scope grants, with what its sets name in place of them; <see langword="null"/> when it includes none.</summary>
    /// <exception cref="XrpcException">invalid_scope.</exception>
    public async ValueTask<string?> ExpandAsync(string scope, CancellationToken cancellationToken)
    {
        var scopes = ScopeSet.Parse(scope);
        IReadOnlyList<PermissionSet> sets = await FindAsync(scopes, cancellationToken);
        if (sets.Count == 0)
        {
            return null;
        }

        IEnumerable<ScopeToken> own = scopes.Tokens.Where(token => token is not IncludeScope);
        string expanded = string.Join(' ', own.Concat(sets.SelectMany(set => set.Permissions)).Select(token => token.Text).Distinct(StringComparer.Ordinal));
        return expanded.Length <= MaxPermissions ? expanded : throw Fault("The permission sets hold too much");
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidScope, message);

    private async Task<PermissionSet> FindAsync(IncludeScope include, CancellationToken cancellationToken)
    {
        if (known.Find(include.Set.ToString()) is PermissionSetSchema own)
        {
            return PermissionSet.Open(include, own);
        }

        LexiconLookup lookup = await published.ResolveAsync(include.Set, cancellationToken);
        return lookup.Lexicon?.Document.Main is PermissionSetSchema schema
            ? PermissionSet.Open(include, schema)
            : throw Fault(lookup.Failure ?? $"The lexicon {include.Set} is not a permission set");
    }
}
