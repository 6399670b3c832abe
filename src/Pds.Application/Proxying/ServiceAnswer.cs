using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pds.Application.Proxying;

/// <summary>An answer of another service, on its way to the client. Disposing of it gives the connection back.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="headers">Headers that clients get to see, by lower-case name.</param>
/// <param name="body">The body as it comes off the wire, content encoding included.</param>
/// <param name="owner">What else ends with the answer.</param>
public sealed class ServiceAnswer(int status, IReadOnlyDictionary<string, string> headers, Stream body, IDisposable? owner = null) : IAsyncDisposable
{
    private const string JsonType = "application/json";
    private const string ContentPrefix = "content-";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>HTTP status.</summary>
    public int Status => status;

    /// <summary>Headers that clients get to see, by lower-case name.</summary>
    public IReadOnlyDictionary<string, string> Headers => headers;

    /// <summary>The body as it comes off the wire, content encoding included.</summary>
    public Stream Body => body;

    /// <summary>Whether the body says of itself that it is JSON.</summary>
    public bool IsJson => headers.TryGetValue("content-type", out string? type) && type.Split(';')[0].Trim().Equals(JsonType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The same answer with a body that was read before; the connection is not needed any more.</summary>
    internal ServiceAnswer Rewound(byte[] content) => new(status, headers, new MemoryStream(content, writable: false));

    /// <summary>The same answer, in whose place it comes, with what was read of its body before.</summary>
    internal ServiceAnswer Resumed(byte[] start) => new(status, headers, new ResumedBody(start, body), owner);

    /// <summary>This answer's headers, but for those of its body, around JSON of ours. This answer must still be disposed of.</summary>
    /// <param name="newStatus">HTTP status.</param>
    /// <param name="json">The new body.</param>
    /// <param name="added">One more header.</param>
    internal ServiceAnswer WithJson(int newStatus, byte[] json, KeyValuePair<string, string>? added = null)
    {
        Dictionary<string, string> kept = headers.Where(header => !header.Key.StartsWith(ContentPrefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        kept["content-type"] = $"{JsonType}; charset=utf-8";
        kept["content-length"] = json.Length.ToString(CultureInfo.InvariantCulture);
        if (added is var (name, value))
        {
            kept[name] = value;
        }

        return new ServiceAnswer(newStatus, kept, new MemoryStream(json, writable: false));
    }

    /// <summary>A refusal in place of this answer, which must still be disposed of.</summary>
    internal ServiceAnswer Refusal(int newStatus, string error, string? message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("error"u8, error);
            if (message is not null)
            {
                json.WriteString("message"u8, message);
            }

            json.WriteEndObject();
        }

        return WithJson(newStatus, buffer.ToArray());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        owner?.Dispose();
    }
}
