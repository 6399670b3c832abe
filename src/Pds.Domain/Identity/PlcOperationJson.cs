using System.Text.Encodings.Web;
using System.Text.Json;
using Pds.Domain.DataModel;

namespace Pds.Domain.Identity;

/// <summary>The JSON form of PLC operations.</summary>
internal static class PlcOperationJson
{
    /// <summary>Largest JSON that is read, in bytes. The directory takes operations of 4,000 bytes CBOR.</summary>
    private const int MaxLength = 65_536;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads an operation.</summary>
    /// <exception cref="FormatException">Not an operation.</exception>
    public static PlcOperation Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            throw new FormatException("The operation is too large.");
        }

        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), Strict);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not Unicode, found only when it is asked for.
            throw new FormatException("The operation is not well-formed JSON.", e);
        }
    }

    /// <summary>Writes an operation.</summary>
    public static byte[] Write(PlcOperation operation)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Relaxed))
        {
            writer.WriteStartObject();
            WriteBody(writer, operation);
            writer.WriteString("prev", operation.Prev?.ToString());
            writer.WriteString("sig", operation.Signature);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static PlcOperation Read(JsonElement operation)
    {
        string type = operation.ValueKind == JsonValueKind.Object ? Text(operation, "type") : throw new FormatException("The operation is not an object.");
        switch (type)
        {
            case "plc_operation":
                RequireFields(operation, "operation", 7);
                PlcData data = new()
                {
                    RotationKeys = List(operation, "rotationKeys"),
                    VerificationMethods = Map(operation, "verificationMethods", key => AsText(key, "verificationMethods")),
                    AlsoKnownAs = List(operation, "alsoKnownAs"),
                    Services = Map(operation, "services", Service),
                };
                return PlcOperation.FromParts(data, Prev(operation), Text(operation, "sig"));

            case "plc_tombstone":
                RequireFields(operation, "tombstone", 3);
                Cid prev = Prev(operation) ?? throw new FormatException("A tombstone needs a prev.");
                return PlcOperation.FromParts(data: null, prev, Text(operation, "sig"));

            case "create":
                RequireFields(operation, "genesis", 7);
                LegacyPlcGenesis genesis = new(
                    Text(operation, "signingKey"), Text(operation, "recoveryKey"), Text(operation, "handle"), Text(operation, "service"));
                return Prev(operation) is null
                    ? PlcOperation.FromParts(genesis, Text(operation, "sig"))
                    : throw new FormatException("A create has no prev.");

            default:
                throw new FormatException("The type of the operation is not known.");
        }
    }

    private static void WriteBody(Utf8JsonWriter writer, PlcOperation operation)
    {
        if (operation.Legacy is { } genesis)
        {
            writer.WriteString("type", "create");
            writer.WriteString("signingKey", genesis.SigningKey);
            writer.WriteString("recoveryKey", genesis.RecoveryKey);
            writer.WriteString("handle", genesis.Handle);
            writer.WriteString("service", genesis.Service);
        }
        else if (operation.Data is { } data)
        {
            writer.WriteString("type", "plc_operation");
            WriteData(writer, data);
        }
        else
        {
            writer.WriteString("type", "plc_tombstone");
        }
    }

    /// <summary>Writes the fields of the data into the object that is open.</summary>
    internal static void WriteData(Utf8JsonWriter writer, PlcData data)
    {
        WriteList(writer, "rotationKeys", data.RotationKeys);
        writer.WriteStartObject("verificationMethods");
        foreach ((string name, string key) in data.VerificationMethods)
        {
            writer.WriteString(name, key);
        }

        writer.WriteEndObject();
        WriteList(writer, "alsoKnownAs", data.AlsoKnownAs);
        writer.WriteStartObject("services");
        foreach ((string name, PlcService service) in data.Services)
        {
            writer.WriteStartObject(name);
            writer.WriteString("type", service.Type);
            writer.WriteString("endpoint", service.Endpoint);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>Since every field that is asked for must be there, their number tells that there is no other.</summary>
    private static void RequireFields(JsonElement value, string what, int count)
    {
        if (value.GetPropertyCount() != count)
        {
            throw new FormatException($"The {what} lacks a field or has one too many.");
        }
    }

    private static JsonElement Field(JsonElement value, string name) =>
        value.TryGetProperty(name, out JsonElement field) ? field : throw new FormatException($"The field {name} is missing.");

    private static string Text(JsonElement value, string name) => AsText(Field(value, name), name);

    private static string AsText(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"{name} must hold text.");

    private static Cid? Prev(JsonElement operation)
    {
        JsonElement prev = Field(operation, "prev");
        if (prev.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return prev.ValueKind == JsonValueKind.String && Cid.TryParse(prev.GetString(), out Cid cid)
            ? cid
            : throw new FormatException("prev must be a CID or null.");
    }

    private static List<string> List(JsonElement operation, string name)
    {
        JsonElement list = Field(operation, name);
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => AsText(item, name))]
            : throw new FormatException($"{name} must be an array.");
    }

    private static Dictionary<string, T> Map<T>(JsonElement operation, string name, Func<JsonElement, T> read)
    {
        JsonElement map = Field(operation, name);
        return map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(property => property.Name, property => read(property.Value), StringComparer.Ordinal)
            : throw new FormatException($"{name} must be an object.");
    }

    private static PlcService Service(JsonElement service)
    {
        if (service.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("A service must be an object.");
        }

        RequireFields(service, "service", 2);
        return new(Text(service, "type"), Text(service, "endpoint"));
    }
}
