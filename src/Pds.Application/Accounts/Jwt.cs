using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Pds.Domain.DataModel;

namespace Pds.Application.Accounts;

/// <summary>Reads the JSON parts of a compact JWT without trusting them.</summary>
internal static class Jwt
{
    /// <summary>2^53: from there on a number with a fraction does not say which integer it means.</summary>
    private const double MaxNumber = 9_007_199_254_740_992;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>The object in one base64url part, or <see langword="null"/> when there is none.</summary>
    public static JsonDocument? ReadJson(ReadOnlySpan<char> part)
    {
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        if (!TryDecode(part, bytes, out int length))
        {
            return null;
        }

        try
        {
            JsonDocument json = UnicodeJson.Parse(bytes.AsMemory(0, length), Strict);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }

            json.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Decodes base64url; <see langword="false"/> for other texts and for more bytes than there is room for.</summary>
    public static bool TryDecode(ReadOnlySpan<char> part, Span<byte> bytes, out int length) =>
        Base64Url.DecodeFromChars(part, bytes, out _, out length) == OperationStatus.Done;

    /// <summary>A text member, or <see langword="null"/>.</summary>
    public static string? GetText(JsonDocument? json, string name) =>
        json is not null && json.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A number member without its fraction, or <see langword="null"/>: some clients write times with milliseconds.</summary>
    public static long? GetNumber(JsonDocument? json, string name) =>
        json is null || !json.RootElement.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.Number ? null
        : value.TryGetInt64(out long number) ? number
        : value.TryGetDouble(out double fraction) && Math.Abs(fraction) < MaxNumber ? (long)Math.Floor(fraction)
        : null;
}
