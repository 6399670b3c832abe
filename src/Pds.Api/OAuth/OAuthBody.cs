using System.Text.Json;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Api.OAuth;

/// <summary>Reads the body of a client's request: a form or a JSON object, each name once.</summary>
internal static class OAuthBody
{
    /// <summary>Longest body in bytes.</summary>
    public const int MaxBytes = 64 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    /// <summary>The parameters. Values of JSON that are no texts stay as they were written.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        IEnumerable<KeyValuePair<string, string>> pairs = type switch
        {
            // MVC may have read the form already, which is why it is asked for it.
            "application/x-www-form-urlencoded" => (await request.ReadFormAsync(cancellationToken)).SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? ""))),
            "application/json" => ReadJson(await ReadBytesAsync(request, cancellationToken)),
            _ => throw Fault("The body must be a form or JSON"),
        };

        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach ((string name, string value) in pairs)
        {
            if (!parameters.TryAdd(name, value))
            {
                throw Fault($"{name} must be given once");
            }
        }

        return parameters;
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidRequest, message);

    private static List<KeyValuePair<string, string>> ReadJson(byte[] body)
    {
        try
        {
            using JsonDocument json = UnicodeJson.Parse(body, Strict);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => KeyValuePair.Create(member.Name, member.Value.ToString()))]
                : throw Fault("The body must be a JSON object");
        }
        catch (JsonException)
        {
            throw Fault("The body is not JSON");
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A body that is announced as too long fails at the first read: the server then answers before it closes the connection.
        using MemoryStream buffer = new();
        byte[] chunk = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBytes)
            {
                throw OAuthErrorsAttribute.TooLarge();
            }
        }

        return buffer.ToArray();
    }
}
