using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.Domain.OAuth;

/// <summary>A published permission set, as an <c>include:</c> token draws on it.</summary>
/// <remarks>
/// A set may name what lies under its own group only: <c>app.example.feed.authBasic</c> may name <c>app.example.feed.post</c> and
/// <c>app.example.feed.sub.thing</c>, nothing else. A permission that breaks a rule is left out; the rest of the set counts.
/// <para>Source: <see href="https://atproto.com/specs/permission"/></para>
/// </remarks>
public sealed class PermissionSet
{
    private const string InheritAudience = "inheritAud";
    private const string Audience = "aud";

    private readonly PermissionSetSchema _schema;

    private PermissionSet(IncludeScope include, PermissionSetSchema schema, IReadOnlyList<ScopeToken> permissions)
    {
        Include = include;
        _schema = schema;
        Permissions = permissions;
    }

    /// <summary>The token that asks for the set.</summary>
    public IncludeScope Include { get; }

    /// <summary>What the set grants to who includes it in this way.</summary>
    public IReadOnlyList<ScopeToken> Permissions { get; }

    /// <summary>Judges what a set says.</summary>
    /// <param name="include">The token that asks for it.</param>
    /// <param name="schema">The set as published.</param>
    public static PermissionSet Open(IncludeScope include, PermissionSetSchema schema) =>
        new(include, schema, [.. schema.Permissions.Select(permission => Read(permission, include)).OfType<ScopeToken>()]);

    /// <summary>What the set is called, for people; <see langword="null"/> when it does not say.</summary>
    /// <param name="languages">Language tags, best first.</param>
    public string? TitleIn(IEnumerable<string> languages) => Find(_schema.TitleByLanguage, languages) ?? _schema.Title;

    /// <summary>What the set allows, for people; <see langword="null"/> when it does not say.</summary>
    /// <param name="languages">Language tags, best first.</param>
    public string? DetailIn(IEnumerable<string> languages) => Find(_schema.DetailByLanguage, languages) ?? _schema.Detail;

    private static string? Find(IReadOnlyDictionary<string, string> texts, IEnumerable<string> languages) => texts.Count == 0
        ? null
        : languages.Select(language => texts.FirstOrDefault(text => IsFor(text.Key, language)).Value).FirstOrDefault(text => text is not null);

    /// <summary>Whether a text in a language is for somebody who reads another: the same, or the same without the region.</summary>
    private static bool IsFor(string tag, string wanted) =>
        tag.Equals(wanted, StringComparison.OrdinalIgnoreCase) || tag.Equals(wanted.Split('-')[0], StringComparison.OrdinalIgnoreCase);

    private static ScopeToken? Read(LexiconPermission permission, IncludeScope include)
    {
        Dictionary<string, IReadOnlyList<string>> fields = new(permission.Fields, StringComparer.Ordinal);
        (string main, bool isUsable) = permission.Resource switch
        {
            "repo" => ("collection", true),
            "rpc" => ("lxm", SetAudience(fields, include)),
            _ => ("", false),
        };
        if (!isUsable || !fields.Remove(main, out IReadOnlyList<string>? names)
            || !names.All(name => IsUnder(include.Set, name)) || !ScopeToken.TryParse(Write(permission.Resource, main, names, fields), out ScopeToken? token))
        {
            return null;
        }

        return token;
    }

    /// <summary>A set names no services; it may be open to all, or take over the one that it is included with.</summary>
    private static bool SetAudience(Dictionary<string, IReadOnlyList<string>> fields, IncludeScope include)
    {
        bool hasAudience = fields.TryGetValue(Audience, out IReadOnlyList<string>? audience);
        bool inherits = fields.Remove(InheritAudience, out IReadOnlyList<string>? inherit) && inherit is ["true"];
        if (inherits && !hasAudience && include.Audience is { } given)
        {
            fields[Audience] = [given];
            return true;
        }

        return !inherits && audience is ["*"];
    }

    private static bool IsUnder(Nsid set, string name)
    {
        string text = set.ToString();
        return Nsid.IsValid(name) && name.StartsWith(text[..(text.LastIndexOf('.') + 1)], StringComparison.Ordinal);
    }

    private static string Write(string resource, string main, IReadOnlyList<string> names, Dictionary<string, IReadOnlyList<string>> fields)
    {
        IEnumerable<string> others = fields.SelectMany(field => field.Value.Select(value => $"{field.Key}={Encode(value)}"));
        string query = string.Join('&', names.Count == 1 ? others : names.Select(name => $"{main}={name}").Concat(others));
        return $"{resource}{(names.Count == 1 ? $":{names[0]}" : "")}{(query.Length == 0 ? "" : $"?{query}")}";
    }

    private static string Encode(string value) =>
        Uri.EscapeDataString(value).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%2A", "*", StringComparison.Ordinal);
}
