namespace Pds.Domain.Lexicons;

/// <summary>Type <c>permission-set</c>: permissions that clients ask for under one name.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/permission"/></remarks>
public sealed class PermissionSetSchema : LexiconSchema
{
    /// <summary>What it is called, for people.</summary>
    public string? Title { get; init; }

    /// <summary><see cref="Title"/> in other languages, by language tag.</summary>
    public required IReadOnlyDictionary<string, string> TitleByLanguage { get; init; }

    /// <summary>What it allows, for people.</summary>
    public string? Detail { get; init; }

    /// <summary><see cref="Detail"/> in other languages, by language tag.</summary>
    public required IReadOnlyDictionary<string, string> DetailByLanguage { get; init; }

    /// <summary>The permissions, as written: which of them mean something is for the authorization server to judge.</summary>
    public required IReadOnlyList<LexiconPermission> Permissions { get; init; }
}

/// <summary>One entry of a permission set.</summary>
/// <param name="Resource">Such as <c>repo</c> or <c>rpc</c>.</param>
/// <param name="Fields">The fields of the resource, each with its values: texts as written, integers and booleans as JSON writes them.</param>
public sealed record LexiconPermission(string Resource, IReadOnlyDictionary<string, IReadOnlyList<string>> Fields);
