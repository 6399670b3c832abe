using System.Text.Json;

namespace Pds.Domain.Lexicons;

/// <summary>An object within the JSON of a lexicon, and where it stands; what is asked for and is something else is a fault.</summary>
internal readonly struct LexiconNode
{
    private readonly JsonElement _json;

    private LexiconNode(JsonElement json, string path)
    {
        _json = json;
        Path = path;
    }

    /// <summary>Such as <c>defs.main.record</c>; empty for the document.</summary>
    public string Path { get; }

    public static LexiconNode Of(JsonElement json, string path) =>
        json.ValueKind == JsonValueKind.Object ? new(json, path) : throw FaultAt(path, "must be an object");

    /// <summary>Makes the exception for something below this node.</summary>
    public LexiconFormatException Fault(string? name, string message) => FaultAt(At(name), message);

    public string At(string? name) => name is null ? Path : Path.Length == 0 ? name : $"{Path}.{name}";

    public string? Text(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Fault(name, "must be a string");

    public string RequiredText(string name) => Text(name) ?? throw Fault(name, "is missing");

    public bool? Boolean(string name) => Find(name) is not { } value
        ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Fault(name, "must be a boolean");

    public long? Integer(string name) => Find(name) is { } value ? AsInteger(value, name) : null;

    /// <summary>An integer that counts something.</summary>
    public long? Count(string name) => Integer(name) is not { } count ? null : count >= 0 ? count : throw Fault(name, "must not be negative");

    public IReadOnlyList<long>? Integers(string name) => Items(name, AsInteger);

    public IReadOnlyList<string>? Texts(string name) => Items(name, AsText);

    public LexiconNode? Child(string name) => Find(name) is { } value ? Of(value, At(name)) : null;

    public LexiconNode RequiredChild(string name) => Child(name) ?? throw Fault(name, "is missing");

    /// <summary>The objects of an array; none where it is absent.</summary>
    public IReadOnlyList<LexiconNode> Children(string name)
    {
        LexiconNode parent = this;
        return Items(name, (value, _) => Of(value, parent.At(name))) ?? [];
    }

    /// <summary>The members of this object, each of which must be an object.</summary>
    public IEnumerable<(string Name, LexiconNode Node)> Members()
    {
        LexiconNode parent = this;
        return _json.EnumerateObject().Select(member => (member.Name, Of(member.Value, parent.At(member.Name))));
    }

    /// <summary>The texts of an object, by name; none where it is absent.</summary>
    public IReadOnlyDictionary<string, string> TextsByName(string name)
    {
        if (Child(name) is not { } child)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        return child._json.EnumerateObject().ToDictionary(member => member.Name, member => child.RequiredText(member.Name), StringComparer.Ordinal);
    }

    /// <summary>All members as texts or lists of texts, integers and booleans as JSON writes them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Scalars(params ReadOnlySpan<string> except)
    {
        LexiconNode node = this;
        Dictionary<string, IReadOnlyList<string>> scalars = new(StringComparer.Ordinal);
        foreach (JsonProperty member in _json.EnumerateObject())
        {
            if (!except.Contains(member.Name))
            {
                scalars[member.Name] = member.Value.ValueKind == JsonValueKind.Array
                    ? [.. member.Value.EnumerateArray().Select(item => node.AsScalar(item, member.Name))]
                    : [AsScalar(member.Value, member.Name)];
            }
        }

        return scalars;
    }

    private static LexiconFormatException FaultAt(string path, string message) =>
        new($"{(path.Length == 0 ? "The document" : path)} {message}.");

    private JsonElement? Find(string name) => _json.TryGetProperty(name, out JsonElement value) ? value : null;

    private List<T>? Items<T>(string name, Func<JsonElement, string, T> read) => Find(name) is not { } list
        ? null
        : list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => read(item, name))] : throw Fault(name, "must be an array");

    private string AsText(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault(name, "must hold strings only");

    private long AsInteger(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long integer) ? integer : throw Fault(name, "must be an integer");

    private string AsScalar(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw Fault(name, "must be a string, number or boolean, or an array of those"),
    };
}
