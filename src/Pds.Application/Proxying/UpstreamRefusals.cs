using System.Text.Json;
using Pds.Domain.Proxying;

namespace Pds.Application.Proxying;

/// <summary>Tells clients of the refusals of other services: their name and words, and nothing else of the body.</summary>
internal static class UpstreamRefusals
{
    private const int FirstRefusal = 400;
    private const int Fault = 500;
    private const int BadGateway = 502;
    private const int MaxBytes = 64 * 1024;

    /// <summary>The answer as clients get it: refusals in our own form, everything else as it is.</summary>
    public static async ValueTask<ServiceAnswer> TranslateAsync(ServiceAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Status < FirstRefusal)
        {
            return answer;
        }

        await using (answer)
        {
            (string? error, string? message) = await ReadAsync(answer, cancellationToken);
            return answer.Refusal(answer.Status == Fault ? BadGateway : answer.Status, error ?? ProxyErrors.NameOf(answer.Status), message);
        }
    }

    /// <summary>Name and message of a refusal, as far as its body is JSON and has them.</summary>
    public static async ValueTask<(string? Error, string? Message)> ReadAsync(ServiceAnswer answer, CancellationToken cancellationToken)
    {
        if (await AnswerBody.ReadDecodedAsync(answer, MaxBytes, cancellationToken) is not { } body)
        {
            return default;
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? (TextOf(json.RootElement, "error"), TextOf(json.RootElement, "message"))
                : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not Unicode, found only when it is asked for.
            return default;
        }
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
