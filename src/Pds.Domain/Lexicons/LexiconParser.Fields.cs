namespace Pds.Domain.Lexicons;

/// <summary>The types that fields may have.</summary>
internal sealed partial class LexiconParser
{
    private LexiconSchema Field(LexiconNode node) => node.RequiredText("type") switch
    {
        "boolean" => Boolean(node),
        "integer" => Integer(node),
        "string" => Text(node),
        "bytes" => new BytesSchema { MinLength = node.Count("minLength"), MaxLength = node.Count("maxLength") },
        "cid-link" => new CidLinkSchema(),
        "blob" => Blob(node),
        "array" => Array(node),
        "object" => Object(node),
        "ref" => new RefSchema(Target(node, node.RequiredText("ref"), "ref")),
        "union" => Union(node),
        "unknown" => new UnknownSchema(),
        string other => throw node.Fault("type", $"is \"{other}\", which is not a type that can stand here"),
    };

    private static BooleanSchema Boolean(LexiconNode node)
    {
        RequireOneOf(node, node.Boolean("const"), node.Boolean("default"));
        return new BooleanSchema { Const = node.Boolean("const"), Default = node.Boolean("default") };
    }

    private static IntegerSchema Integer(LexiconNode node)
    {
        RequireOneOf(node, node.Integer("const"), node.Integer("default"));
        return new IntegerSchema
        {
            Minimum = node.Integer("minimum"),
            Maximum = node.Integer("maximum"),
            Enum = node.Integers("enum"),
            Const = node.Integer("const"),
            Default = node.Integer("default"),
        };
    }

    private static StringSchema Text(LexiconNode node)
    {
        RequireOneOf(node, node.Text("const"), node.Text("default"));
        return new StringSchema
        {
            Format = StringFormats.Parse(node.Text("format")),
            MinLength = node.Count("minLength"),
            MaxLength = node.Count("maxLength"),
            MinGraphemes = node.Count("minGraphemes"),
            MaxGraphemes = node.Count("maxGraphemes"),
            Enum = node.Texts("enum"),
            KnownValues = node.Texts("knownValues"),
            Const = node.Text("const"),
            Default = node.Text("default"),
        };
    }

    private static BlobSchema Blob(LexiconNode node)
    {
        IReadOnlyList<string>? accept = node.Texts("accept");
        if (accept?.Any(pattern => !pattern.Contains('/', StringComparison.Ordinal)) == true)
        {
            throw node.Fault("accept", "must hold media types such as image/png, image/* or */*");
        }

        return new BlobSchema(accept, node.Count("maxSize"));
    }

    private ArraySchema Array(LexiconNode node)
    {
        LexiconNode items = node.RequiredChild("items");
        if (items.Text("type") is "array" or "object")
        {
            throw items.Fault("type", "must not be array or object, for which there are refs");
        }

        return new ArraySchema { Items = Field(items), MinLength = node.Count("minLength"), MaxLength = node.Count("maxLength") };
    }

    private ObjectSchema Object(LexiconNode node)
    {
        HashSet<string> required = [.. node.Texts("required") ?? []];
        HashSet<string> nullable = [.. node.Texts("nullable") ?? []];
        List<LexiconProperty> properties = [];
        if (node.Child("properties") is { } members)
        {
            foreach ((string name, LexiconNode member) in members.Members())
            {
                properties.Add(new LexiconProperty(name, Field(member), required.Remove(name), nullable.Contains(name)));
            }
        }

        return required.Count == 0
            ? new ObjectSchema(properties)
            : throw node.Fault("required", $"names \"{required.First()}\", which is not among the properties");
    }

    private UnionSchema Union(LexiconNode node)
    {
        string[] targets = [.. (node.Texts("refs") ?? throw node.Fault("refs", "is missing")).Select(reference => Target(node, reference, "refs"))];
        bool isClosed = node.Boolean("closed") ?? false;
        return isClosed && targets.Length == 0
            ? throw node.Fault("refs", "must not be empty where the union is closed")
            : new UnionSchema(targets, isClosed);
    }

    private string Target(LexiconNode node, string reference, string field) =>
        FullName(_idText, reference) ?? throw node.Fault(field, "must name a definition: #name, nsid or nsid#name");

    private static void RequireOneOf(LexiconNode node, object? only, object? otherwise)
    {
        if (only is not null && otherwise is not null)
        {
            throw node.Fault("const", "and default exclude each other");
        }
    }
}
