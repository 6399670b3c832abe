using Pds.Domain.OAuth;
using Pds.Domain.Repositories;

namespace Pds.Api.OAuth;

/// <summary>Says in plain words what a scope lets a client do.</summary>
internal static class ScopeWords
{
    /// <summary>One line for each right.</summary>
    /// <param name="scopes">What a client wants.</param>
    /// <param name="sets">The permission sets among that.</param>
    /// <param name="languages">Languages of the reader, best first: sets have words of their own.</param>
    public static IReadOnlyList<ScopeLine> Describe(ScopeSet scopes, IReadOnlyList<PermissionSet> sets, IReadOnlyList<string> languages) =>
        [.. scopes.Tokens.Select(token => sets.FirstOrDefault(set => set.Include == token) is { } set ? Describe(set, languages) : Describe(token))];

    private static ScopeLine Describe(ScopeToken token) => new(token.Text, Words(token), IsBroad(token), IsOptional(token));

    private static ScopeLine Describe(PermissionSet set, IReadOnlyList<string> languages) => new(
        set.Include.Text, set.TitleIn(languages) ?? $"Everything in {set.Include.Set}", set.Permissions.Any(IsBroad), IsOptional: false)
    {
        Detail = set.DetailIn(languages),
        Holds = [.. set.Permissions.Select(Describe)],
    };

    private static string Words(ScopeToken token) => token switch
    {
        { Text: StaticScope.Atproto } => "Know who you are on the network (your identity, not your e-mail address)",
        { Text: StaticScope.Generic } => "Read and change everything in your account: posts, likes, follows, profile, uploads, and act for you with other services",
        { Text: StaticScope.Email } => "See your e-mail address",
        { Text: StaticScope.Chat } => "Read and send your direct messages",
        RepoScope repo => $"{Verbs(repo.Actions)} {Records(repo.Collections)}",
        RpcScope rpc => $"Act for you with {(rpc.Audience == "*" ? "any service" : rpc.Audience)}: {Methods(rpc.Methods)}",
        BlobScope blob => blob.Accept.Contains("*/*") ? "Upload files of any kind" : $"Upload files ({string.Join(", ", blob.Accept)})",
        AccountScope { Attribute: "email", Manage: true } => "See and confirm your e-mail address",
        AccountScope { Attribute: "email" } => "See your e-mail address",
        AccountScope { Attribute: "repo", Manage: true } => "Replace all records of your account by importing a repository",
        AccountScope { Attribute: "repo" } => "See the state of your repository",
        AccountScope => "See the status of your account",
        IdentityScope { Attribute: "*" } => "Change your identity: your handle, your keys, and where your account is hosted",
        IdentityScope => "Change your handle",
        _ => token.Text,
    };

    private static bool IsBroad(ScopeToken token) => token switch
    {
        { Text: StaticScope.Generic or StaticScope.Chat } => true,
        RepoScope repo => repo.Collections.Contains("*"),
        RpcScope rpc => rpc.Audience == "*" || rpc.Methods.Contains("*"),
        AccountScope account => account is { Attribute: "repo", Manage: true },
        IdentityScope => true,
        _ => false,
    };

    private static bool IsOptional(ScopeToken token) => token is { Text: StaticScope.Email } or AccountScope { Attribute: "email" };

    private static string Verbs(IReadOnlyList<WriteAction> actions)
    {
        string[] verbs = [.. actions.Select(action => action switch { WriteAction.Create => "create", WriteAction.Update => "change", _ => "delete" })];
        string text = verbs.Length == 1 ? verbs[0] : $"{string.Join(", ", verbs[..^1])} and {verbs[^1]}";
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static string Records(IReadOnlyList<string> collections) => collections.Contains("*") ? "records of every kind" : $"records of {string.Join(", ", collections)}";

    private static string Methods(IReadOnlyList<string> methods) => methods.Contains("*") ? "everything" : string.Join(", ", methods);
}

/// <summary>A right in words.</summary>
/// <param name="Token">The scope token.</param>
/// <param name="Words">What it means.</param>
/// <param name="IsBroad">Whether it deserves a warning.</param>
/// <param name="IsOptional">Whether the user may leave it out.</param>
internal sealed record ScopeLine(string Token, string Words, bool IsBroad, bool IsOptional)
{
    /// <summary>More about a permission set, in its own words.</summary>
    public string? Detail { get; init; }

    /// <summary>What a permission set holds.</summary>
    public IReadOnlyList<ScopeLine> Holds { get; init; } = [];
}
