using System.Globalization;
using Microsoft.Extensions.Localization;
using Pds.Domain.OAuth;
using Pds.Domain.Repositories;

namespace Pds.Api.Pages.SignIn;

/// <summary>Says in plain words what a scope lets a client do.</summary>
internal static class ScopeWords
{
    /// <summary>One line for each right.</summary>
    /// <param name="scopes">What a client wants or has.</param>
    /// <param name="sets">The permission sets among that, which have words of their own.</param>
    /// <param name="language">The language of the page.</param>
    /// <param name="texts">The words of the page.</param>
    public static IReadOnlyList<ScopeLine> Describe(ScopeSet scopes, IReadOnlyList<PermissionSet> sets, string language, IStringLocalizer texts) =>
        [.. scopes.Tokens.Select(token => sets.FirstOrDefault(set => set.Include == token) is { } set ? Describe(set, language, texts) : Describe(token, texts))];

    private static ScopeLine Describe(ScopeToken token, IStringLocalizer texts) => new(token.Text, Words(token, texts), IsBroad(token), IsOptional(token));

    private static ScopeLine Describe(PermissionSet set, string language, IStringLocalizer texts) => new(
        set.Include.Text, set.TitleIn([language]) ?? Words(set.Include, texts), set.Permissions.Any(IsBroad), IsOptional: false)
    {
        Detail = set.DetailIn([language]),
        Holds = [.. set.Permissions.Select(permission => Describe(permission, texts))],
    };

    private static string Words(ScopeToken token, IStringLocalizer texts) => token switch
    {
        { Text: StaticScope.Atproto } => texts["Know who you are on the network (your identity, not your e-mail address)"],
        { Text: StaticScope.Generic } => texts["Read and change everything in your account: posts, likes, follows, profile, uploads, and act for you with other services"],
        { Text: StaticScope.Email } => texts["See your e-mail address"],
        { Text: StaticScope.Chat } => texts["Read and send your direct messages"],
        RepoScope repo => Capitalize(repo.Collections.Contains("*")
            ? texts["{0} records of every kind", Verbs(repo.Actions, texts)]
            : texts["{0} records of {1}", Verbs(repo.Actions, texts), string.Join(", ", repo.Collections)]),
        RpcScope rpc => texts[
            "Act for you with {0}: {1}",
            rpc.Audience == "*" ? texts["any service"].Value : rpc.Audience,
            rpc.Methods.Contains("*") ? texts["everything"].Value : string.Join(", ", rpc.Methods)],
        BlobScope blob => blob.Accept.Contains("*/*") ? texts["Upload files of any kind"] : texts["Upload files ({0})", string.Join(", ", blob.Accept)],
        AccountScope { Attribute: "email", Manage: true } => texts["See and confirm your e-mail address"],
        AccountScope { Attribute: "email" } => texts["See your e-mail address"],
        AccountScope { Attribute: "repo", Manage: true } => texts["Replace all records of your account by importing a repository"],
        AccountScope { Attribute: "repo" } => texts["See the state of your repository"],
        AccountScope { Manage: true } => texts["Deactivate your account, which hides it and signs out all apps"],
        AccountScope => texts["See the status of your account"],
        IdentityScope { Attribute: "*" } => texts["Change your identity: your handle, your keys, and where your account is hosted"],
        IdentityScope => texts["Change your handle"],
        IncludeScope include => texts["Everything that the permission set {0} holds", include.Set.ToString()],
        _ => token.Text,
    };

    private static bool IsBroad(ScopeToken token) => token switch
    {
        { Text: StaticScope.Generic or StaticScope.Chat } => true,
        RepoScope repo => repo.Collections.Contains("*"),
        RpcScope rpc => rpc.Audience == "*" || rpc.Methods.Contains("*"),
        AccountScope account => account is { Attribute: "repo" or "status", Manage: true },
        IdentityScope => true,
        _ => false,
    };

    private static bool IsOptional(ScopeToken token) => token is { Text: StaticScope.Email } or AccountScope { Attribute: "email" };

    private static string Verbs(IReadOnlyList<WriteAction> actions, IStringLocalizer texts)
    {
        string[] verbs = [.. actions.Select(action => texts[action switch { WriteAction.Create => "create", WriteAction.Update => "change", _ => "delete" }].Value)];
        return verbs.Length == 1 ? verbs[0] : texts["{0} and {1}", string.Join(", ", verbs[..^1]), verbs[^1]];
    }

    private static string Capitalize(string text) => char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..];
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
