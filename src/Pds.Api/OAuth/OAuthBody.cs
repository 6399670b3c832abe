using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Api.OAuth;

/// <summary>Reads the body of a client's request: a form or a JSON object, each name once.</summary>
internal static class OAuthBody
{
    private const int MaxBytes = 64 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    /// <summary>The parameters. Values of JSON that are no texts stay as they were written.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        byte[] body = await ReadBytesAsync(request, cancellationToken);
        IEnumerable<KeyValuePair<string, string>> pairs = type switch
        {
            "application/x-www-form-urlencoded" => ReadForm(System.Text.Encoding.UTF8.GetString(body)),
            "application/json" => ReadJson(body),
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

    private static List<KeyValuePair<string, string>> ReadForm(string text)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(text))
        {
            pairs.Add(new(pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return pairs;
    }

    private static List<KeyValuePair<string, string>> ReadJson(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, Strict);
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
        if (request.ContentLength > MaxBytes)
        {
            throw Fault("The body is too large");
        }

        using MemoryStream buffer = new();
        byte[] chunk = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBytes)
            {
                throw Fault("The body is too large");
            }
        }

        return buffer.ToArray();
    }
}
