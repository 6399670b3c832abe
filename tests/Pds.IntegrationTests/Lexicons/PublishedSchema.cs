using System.Text.Json;
using System.Text.RegularExpressions;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Lexicons;

/// <summary>
/// The published lexicons as they lie beside the repository, and a check of JSON against them that knows nothing of the server's own engine. Unlike records, answers
/// may have no fields beside the published ones.
/// </summary>
internal static partial class PublishedSchema
{
    private static readonly Dictionary<string, JsonElement> Documents = [];

    /// <summary>The folder of the published lexicons; <see langword="null"/> where it is missing.</summary>
    public static string? Folder { get; } = SharedData.Find("lexicons");

    /// <summary>The names of the methods of a group, such as <c>com.atproto.sync</c>, that are not streams.</summary>
    public static IEnumerable<string> MethodsOf(string group) =>
        Folder is null ? [] : Directory.EnumerateFiles(Path.Combine([Folder, .. group.Split('.')]), "*.json")
            .Select(file => $"{group}.{Path.GetFileNameWithoutExtension(file)}")
            .Where(method => Document(method).GetProperty("defs").TryGetProperty("main", out JsonElement main) && Kind(main) is "query" or "procedure")
            .Order(StringComparer.Ordinal);

    public static JsonElement Definition(string method) => Document(method).GetProperty("defs").GetProperty("main");

    public static IEnumerable<string> ErrorsOf(string method) =>
        Definition(method).TryGetProperty("errors", out JsonElement errors) ? errors.EnumerateArray().Select(error => error.GetProperty("name").GetString()!) : [];

    public static string? OutputEncoding(string method) =>
        Definition(method).TryGetProperty("output", out JsonElement output) ? output.GetProperty("encoding").GetString() : null;

    /// <summary>What is wrong with an answer; nothing when it is what the lexicon says.</summary>
    public static IEnumerable<string> FaultsOfOutput(string method, JsonElement answer) =>
        Check(Definition(method).GetProperty("output").GetProperty("schema"), answer, method, "answer");

    private static JsonElement Document(string nsid)
    {
        lock (Documents)
        {
            if (!Documents.TryGetValue(nsid, out JsonElement document))
            {
                document = JsonElement.Parse(File.ReadAllBytes(Path.Combine([Folder!, .. nsid.Split('.')]) + ".json"));
                Documents.Add(nsid, document);
            }

            return document;
        }
    }

    private static string Kind(JsonElement schema) => schema.GetProperty("type").GetString()!;

    private static (JsonElement Schema, string Nsid) Resolve(string reference, string nsid)
    {
        string[] parts = reference.Split('#');
        string document = parts[0].Length == 0 ? nsid : parts[0];
        return (Document(document).GetProperty("defs").GetProperty(parts.Length > 1 ? parts[1] : "main"), document);
    }

    private static IEnumerable<string> Check(JsonElement schema, JsonElement value, string nsid, string path)
    {
        switch (Kind(schema))
        {
            case "ref":
                (JsonElement target, string document) = Resolve(schema.GetProperty("ref").GetString()!, nsid);
                return Check(target, value, document, path);
            case "union":
                return CheckUnion(schema, value, nsid, path);
            case "object":
                return CheckObject(schema, value, nsid, path);
            case "array" when value.ValueKind == JsonValueKind.Array:
                return value.EnumerateArray().SelectMany((item, i) => Check(schema.GetProperty("items"), item, nsid, $"{path}[{i}]"));
            case "string" when value.ValueKind == JsonValueKind.String:
                return schema.TryGetProperty("format", out JsonElement format) && !Fits(format.GetString()!, value.GetString()!) ? [$"{path} is no {format}: {value}"] : [];
            case "integer" when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _):
            case "boolean" when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
            case "unknown" when value.ValueKind == JsonValueKind.Object:
            case "blob" when IsBlob(value):
                return [];
            default:
                return [$"{path} should be {Kind(schema)} and is {value.ValueKind}"];
        }
    }

    private static IEnumerable<string> CheckUnion(JsonElement schema, JsonElement value, string nsid, string path)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("$type", out JsonElement type))
        {
            return [$"{path} has no $type"];
        }

        string? reference = schema.GetProperty("refs").EnumerateArray().Select(item => item.GetString()!)
            .FirstOrDefault(item => (item.StartsWith('#') ? nsid + item : item) == type.GetString());
        if (reference is null)
        {
            return [$"{path} is {type}, which is not in the union"];
        }

        (JsonElement target, string document) = Resolve(reference, nsid);
        return Check(target, value, document, path);
    }

    private static IEnumerable<string> CheckObject(JsonElement schema, JsonElement value, string nsid, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            yield return $"{path} is no object";
            yield break;
        }

        JsonElement properties = schema.GetProperty("properties");
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
            {
                yield return $"{path} lacks {name}";
            }
        }

        foreach (JsonProperty member in value.EnumerateObject().Where(member => member.Name != "$type"))
        {
            IEnumerable<string> faults = properties.TryGetProperty(member.Name, out JsonElement property)
                ? Check(property, member.Value, nsid, $"{path}.{member.Name}")
                : [$"{path} has {member.Name}, which is not published"];
            foreach (string fault in faults)
            {
                yield return fault;
            }
        }
    }

    private static bool IsBlob(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal).SequenceEqual(["$type", "mimeType", "ref", "size"])
        && value.GetProperty("$type").GetString() == "blob"
        && Cid.TryParse(value.GetProperty("ref").GetProperty("$link").GetString(), out Cid cid)
        && cid.Codec == CidCodec.Raw
        && value.GetProperty("size").TryGetInt64(out _);

    private static bool Fits(string format, string text) => format switch
    {
        "did" => Did.TryParse(text, out _),
        "handle" => Handle.TryParse(text, out _),
        "at-uri" => AtUri.TryParse(text, out _),
        "nsid" => Nsid.TryParse(text, out _),
        "cid" => Cid.TryParse(text, out _),
        "tid" => Tid.TryParse(text, out _),
        "datetime" => Moment().IsMatch(text),
        "at-identifier" => AtIdentifier.TryParse(text, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new InvalidOperationException($"The check does not know the format {format}."),
    };

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z\z")]
    private static partial Regex Moment();
}
