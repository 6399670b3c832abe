using System.Diagnostics.CodeAnalysis;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Domain.OAuth;

/// <summary>One token of a scope, understood. Tokens that break a rule are none: an unknown parameter could have been meant to narrow.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/permission"/></remarks>
public abstract record ScopeToken
{
    private protected ScopeToken(string text) => Text = text;

    /// <summary>The token as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a token.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ScopeToken? token)
    {
        token = StaticScope.IsKnown(text) ? new StaticScope(text) : ScopeSyntax.TryRead(text) is { } syntax ? Read(text, syntax) : null;
        return token is not null;
    }

    /// <summary>Whether this token alone grants a right.</summary>
    public abstract bool Grants(ScopeDemand demand);

    /// <summary>The token as it was written.</summary>
    public sealed override string ToString() => Text;

    private protected static bool IsNsidOrAny(string value) => value == "*" || Nsid.IsValid(value);

    /// <summary>Whether a text is <c>did#service</c>.</summary>
    private protected static bool IsService(string value) =>
        value.IndexOf('#', StringComparison.Ordinal) is > 0 and int hash && hash < value.Length - 1 && value.IndexOf('#', hash + 1) < 0
        && !value.Contains(' ', StringComparison.Ordinal) && Did.TryParse(value[..hash], out _);

    private static ScopeToken? Read(string text, ScopeSyntax syntax)
    {
        ScopeToken? token = syntax.Resource switch
        {
            "repo" => RepoScope.Read(text, syntax),
            "rpc" => RpcScope.Read(text, syntax),
            "blob" => BlobScope.Read(text, syntax),
            "account" => AccountScope.Read(text, syntax),
            "identity" => IdentityScope.Read(text, syntax),
            "include" => IncludeScope.Read(text, syntax),
            _ => null,
        };
        return syntax.IsComplete ? token : null;
    }
}

/// <summary>A token without parameters: <c>atproto</c> and the broad ones of the time before permissions.</summary>
public sealed record StaticScope : ScopeToken
{
    /// <summary>Every credential has it; it grants nothing but to be known.</summary>
    public const string Atproto = "atproto";

    /// <summary>What app passwords may do: records, blobs, calls.</summary>
    public const string Generic = "transition:generic";

    /// <summary>The e-mail address.</summary>
    public const string Email = "transition:email";

    /// <summary>Direct messages; together with <see cref="Generic"/> only.</summary>
    public const string Chat = "transition:chat.bsky";

    internal StaticScope(string text)
        : base(text)
    {
    }

    internal static bool IsKnown(string text) => text is Atproto or Generic or Email or Chat;

    /// <inheritdoc/>
    public override bool Grants(ScopeDemand demand) => demand switch
    {
        ScopeDemand.Write or ScopeDemand.Blob => Text == Generic,
        ScopeDemand.Call call => IsChat(call) ? Text == Chat : Text == Generic,
        ScopeDemand.Account { Attribute: "email", Manage: false } => Text == Email,
        _ => false,
    };

    private static bool IsChat(ScopeDemand.Call call) => call.Method?.ToString().StartsWith("chat.bsky.", StringComparison.OrdinalIgnoreCase) is true;
}

/// <summary><c>repo:collection</c>: to write records.</summary>
public sealed record RepoScope : ScopeToken
{
    private RepoScope(string text)
        : base(text)
    {
    }

    /// <summary>NSIDs, or <c>*</c>.</summary>
    public required IReadOnlyList<string> Collections { get; init; }

    /// <summary>What may be done to records.</summary>
    public required IReadOnlyList<WriteAction> Actions { get; init; }

    /// <inheritdoc/>
    public override bool Grants(ScopeDemand demand) =>
        demand is ScopeDemand.Write write && Actions.Contains(write.Action)
        && Collections.Any(collection => collection == "*" || collection == write.Collection.ToString());

    internal static string NameOf(WriteAction action) => action switch
    {
        WriteAction.Create => "create",
        WriteAction.Update => "update",
        WriteAction.Delete => "delete",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    internal static RepoScope? Read(string text, ScopeSyntax syntax)
    {
        if (syntax.Many("collection", positional: true) is not { Count: > 0 } collections || !collections.All(IsNsidOrAny)
            || syntax.Many("action") is not { } actions || !actions.All(action => action is "create" or "update" or "delete"))
        {
            return null;
        }

        WriteAction[] all = [WriteAction.Create, WriteAction.Update, WriteAction.Delete];
        return new RepoScope(text) { Collections = collections, Actions = actions.Count == 0 ? all : [.. all.Where(action => actions.Contains(NameOf(action)))] };
    }
}

/// <summary><c>rpc:method?aud=did#service</c>: to call methods of other services as the account.</summary>
public sealed record RpcScope : ScopeToken
{
    private RpcScope(string text)
        : base(text)
    {
    }

    /// <summary>NSIDs, or <c>*</c>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary><c>did#service</c>, or <c>*</c>.</summary>
    public required string Audience { get; init; }

    /// <inheritdoc/>
    public override bool Grants(ScopeDemand demand) =>
        demand is ScopeDemand.Call call && (Audience == "*" || Audience == call.Audience)
        && Methods.Any(method => method == "*" || method == call.Method?.ToString());

    internal static RpcScope? Read(string text, ScopeSyntax syntax)
    {
        IReadOnlyList<string> methods = syntax.Many("lxm", positional: true) ?? [];
        return syntax.TrySingle("aud", out string? audience) && methods.Count > 0 && methods.All(IsNsidOrAny)
            && audience is not null && (audience == "*" ? !methods.Contains("*") : IsService(audience))
            ? new RpcScope(text) { Methods = methods, Audience = audience }
            : null;
    }
}

/// <summary><c>blob:type/subtype</c>: to upload blobs.</summary>
public sealed record BlobScope : ScopeToken
{
    private BlobScope(string text)
        : base(text)
    {
    }

    /// <summary><c>type/subtype</c>, <c>type/*</c> or <c>*/*</c>.</summary>
    public required IReadOnlyList<string> Accept { get; init; }

    /// <inheritdoc/>
    public override bool Grants(ScopeDemand demand) =>
        demand is ScopeDemand.Blob blob && Accept.Any(accept => accept == "*/*"
            || (accept.EndsWith("/*", StringComparison.Ordinal)
                ? blob.BareType.StartsWith(accept[..^1], StringComparison.OrdinalIgnoreCase)
                : blob.BareType.Equals(accept, StringComparison.OrdinalIgnoreCase)));

    internal static BlobScope? Read(string text, ScopeSyntax syntax) =>
        syntax.Many("accept", positional: true) is { Count: > 0 } accept && accept.All(IsPattern) ? new BlobScope(text) { Accept = accept } : null;

    private static bool IsPattern(string value)
    {
        string[] parts = value.Split('/');
        return parts.Length == 2 && (value == "*/*" || (IsName(parts[0]) && (parts[1] == "*" || IsName(parts[1]))));
    }

    private static bool IsName(string part) =>
        part.Length is > 0 and <= 127 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '!' or '#' or '$' or '&' or '-' or '^' or '_' or '.' or '+');
}

/// <summary><c>account:email</c>, <c>account:repo</c>: to see or manage something of the account.</summary>
public sealed record AccountScope : ScopeToken
{
    private AccountScope(string text)
        : base(text)
    {
    }

    /// <summary><c>email</c>, <c>repo</c> or <c>status</c>.</summary>
    public required string Attribute { get; init; }

    /// <summary>Whether it may be changed, which includes to see it.</summary>
    public required bool Manage { get; init; }

    /// <inheritdoc/>
    public override bool Grants(ScopeDemand demand) => demand is ScopeDemand.Account account && account.Attribute == Attribute && (Manage || !account.Manage);

    internal static AccountScope? Read(string text, ScopeSyntax syntax) =>
        syntax.TrySingle("attr", out string? attribute, positional: true) & syntax.TrySingle("action", out string? action)
        && attribute is "email" or "repo" or "status" && action is null or "read" or "manage"
            ? new AccountScope(text) { Attribute = attribute!, Manage = action == "manage" }
            : null;
}

/// <summary><c>identity:handle</c>, <c>identity:*</c>: to change the identity.</summary>
public sealed record IdentityScope : ScopeToken
{
    private IdentityScope(string text)
        : base(text)
    {
    }

    /// <summary><c>handle</c> or <c>*</c>.</summary>
    public required string Attribute { get; init; }

    /// <inheritdoc/>
    public override bool Grants(ScopeDemand demand) => demand is ScopeDemand.Identity identity && (Attribute == "*" || Attribute == identity.Attribute);

    internal static IdentityScope? Read(string text, ScopeSyntax syntax) =>
        syntax.TrySingle("attr", out string? attribute, positional: true) && attribute is "handle" or "*" ? new IdentityScope(text) { Attribute = attribute! } : null;
}

/// <summary><c>include:nsid</c>: the permissions of a published set. Grants nothing itself; what the set names does.</summary>
public sealed record IncludeScope : ScopeToken
{
    private IncludeScope(string text)
        : base(text)
    {
    }

    /// <summary>The set.</summary>
    public required Nsid Set { get; init; }

    /// <summary>The service that permissions of the set inherit as audience; <see langword="null"/> for none.</summary>
    public required string? Audience { get; init; }

    /// <inheritdoc/>
    public override bool Grants(ScopeDemand demand) => false;

    internal static IncludeScope? Read(string text, ScopeSyntax syntax) =>
        syntax.TrySingle("nsid", out string? set, positional: true) & syntax.TrySingle("aud", out string? audience)
        && Nsid.TryParse(set, out Nsid nsid) && (audience is null || IsService(audience))
            ? new IncludeScope(text) { Set = nsid, Audience = audience }
            : null;
}
