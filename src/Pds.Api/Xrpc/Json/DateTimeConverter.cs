using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pds.Api.Xrpc.Json;

/// <summary>Times of ours: UTC, milliseconds, <c>Z</c>. Every client parses that form, and text order is time order.</summary>
internal sealed class DateTimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out DateTimeOffset time) ? time : throw new XrpcJsonException("must be a datetime");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}
