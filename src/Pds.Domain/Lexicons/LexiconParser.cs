using System.Text.Json;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Lexicons;

/// <summary>Reads lexicons: definitions here, the types of fields beside it.</summary>
internal sealed partial class LexiconParser
{
    private const string MainName = "main";
    private const int Language = 1;

    private readonly Nsid _id;
    private readonly string _idText;

    private LexiconParser(Nsid id)
    {
        _id = id;
        _idText = id.ToString();
    }

    public static LexiconDocument Parse(JsonElement json)
    {
        var root = LexiconNode.Of(json, "");
        if (root.Integer("lexicon") != Language)
        {
            throw root.Fault("lexicon", "must be 1");
        }

        return Nsid.TryParse(root.RequiredText("id"), out Nsid id)
            ? new LexiconParser(id).Document(root.RequiredChild("defs"))
            : throw root.Fault("id", "must be an NSID");
    }

    /// <summary>The full name of what a reference in the document means: <c>#main</c> is left out.</summary>
    /// <param name="id">The NSID of the document.</param>
    /// <param name="reference"><c>#name</c>, <c>nsid</c> or <c>nsid#name</c>.</param>
    /// <returns><see langword="null"/> where it is none of these.</returns>
    internal static string? FullName(string id, string reference)
    {
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        string nsid = hash < 0 ? reference : hash == 0 ? id : reference[..hash];
        string name = hash < 0 ? MainName : reference[(hash + 1)..];
        return !Nsid.IsValid(nsid) || !IsName(name) ? null : name == MainName ? nsid : $"{nsid}#{name}";
    }

    private static bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private LexiconDocument Document(LexiconNode defs)
    {
        Dictionary<string, LexiconSchema> schemas = new(StringComparer.Ordinal);
        foreach ((string name, LexiconNode node) in defs.Members())
        {
            string fullName = FullName(_idText, $"#{name}") ?? throw defs.Fault(name, "is no name for a definition");
            schemas[fullName] = Definition(node, name, fullName);
        }

        if (schemas.Count == 0)
        {
            throw defs.Fault(null, "must hold at least one definition");
        }

        RequireTargets(defs, schemas);
        return new LexiconDocument(_id, schemas);
    }

    /// <summary>References within the document can be judged now, all others when the other lexicons are there.</summary>
    private void RequireTargets(LexiconNode defs, Dictionary<string, LexiconSchema> schemas)
    {
        foreach ((string name, bool isMember) in schemas.Values.SelectMany(LexiconReferences.ReferencesOf))
        {
            bool isOwn = name == _idText || name.StartsWith($"{_idText}#", StringComparison.Ordinal);
            if (isOwn && LexiconKinds.Judge(schemas.GetValueOrDefault(name), isMember) is { } fault)
            {
                throw defs.Fault(null, $"refer to {name}, which {fault}");
            }
        }
    }

    private LexiconSchema Definition(LexiconNode node, string name, string fullName)
    {
        string type = node.RequiredText("type");
        bool isPrimary = type is "record" or "query" or "procedure" or "subscription" or "permission-set";
        if (isPrimary && name != MainName)
        {
            throw node.Fault(null, $"is a {type}, which only the definition main can be");
        }

        return type switch
        {
            "record" => Record(node),
            "query" => Method(node, MethodKind.Query),
            "procedure" => Method(node, MethodKind.Procedure),
            "subscription" => Method(node, MethodKind.Subscription),
            "permission-set" => PermissionSet(node),
            "token" => new TokenSchema(fullName),
            "ref" or "union" or "unknown" or "params" or "permission" => throw node.Fault(null, $"is a {type}, which no definition can be"),
            _ => Field(node),
        };
    }

    private RecordSchema Record(LexiconNode node)
    {
        if (!LexiconKey.TryParse(node.RequiredText("key"), out LexiconKey? key))
        {
            throw node.Fault("key", "must be tid, nsid, any or literal: with a record key");
        }

        LexiconNode content = node.RequiredChild("record");
        RequireType(content, "object");
        return new RecordSchema(_id, key, Object(content));
    }

    private MethodSchema Method(LexiconNode node, MethodKind kind)
    {
        UnionSchema? message = null;
        if (kind == MethodKind.Subscription && node.Child("message") is { } body && body.Child("schema") is { } schema)
        {
            RequireType(schema, "union");
            message = Union(schema);
        }

        return new MethodSchema
        {
            Kind = kind,
            Parameters = node.Child("parameters") is { } parameters ? Parameters(parameters) : null,
            Input = kind == MethodKind.Procedure ? Body(node.Child("input")) : null,
            Output = kind == MethodKind.Subscription ? null : Body(node.Child("output")),
            Message = message,
            Errors = [.. node.Children("errors").Select(error => error.RequiredText("name"))],
        };
    }

    private MethodBody? Body(LexiconNode? node)
    {
        if (node is not { } body)
        {
            return null;
        }

        LexiconNode? schema = body.Child("schema");
        if (schema is { } type && type.RequiredText("type") is not ("object" or "ref" or "union"))
        {
            throw type.Fault("type", "must be object, ref or union");
        }

        return new MethodBody(body.RequiredText("encoding"), schema is { } present ? Field(present) : null);
    }

    private ObjectSchema Parameters(LexiconNode node)
    {
        RequireType(node, "params");
        ObjectSchema parameters = Object(node);
        foreach (LexiconProperty parameter in parameters.Sorted)
        {
            LexiconSchema scalar = parameter.Schema is ArraySchema list ? list.Items : parameter.Schema;
            if (scalar is not (BooleanSchema or IntegerSchema or StringSchema or UnknownSchema))
            {
                throw node.Fault($"properties.{parameter.Name}", "must be a boolean, integer or string, or an array of those");
            }
        }

        return parameters;
    }

    private static PermissionSetSchema PermissionSet(LexiconNode node) => new()
    {
        Title = node.Text("title"),
        TitleByLanguage = node.TextsByName("title:lang"),
        Detail = node.Text("detail"),
        DetailByLanguage = node.TextsByName("detail:lang"),
        Permissions = [.. node.Children("permissions").Select(Permission)],
    };

    private static LexiconPermission Permission(LexiconNode node)
    {
        RequireType(node, "permission");
        return new LexiconPermission(node.RequiredText("resource"), node.Scalars("type", "resource", "description"));
    }

    private static void RequireType(LexiconNode node, string type)
    {
        if (node.Text("type") != type)
        {
            throw node.Fault("type", $"must be {type}");
        }
    }
}
