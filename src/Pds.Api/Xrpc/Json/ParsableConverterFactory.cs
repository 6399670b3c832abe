using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pds.Domain.Identifiers;

namespace Pds.Api.Xrpc.Json;

/// <summary>Domain values that are texts on the wire: DIDs, handles, NSIDs, record keys, TIDs, AT-URIs, CIDs.</summary>
internal sealed class ParsableConverterFactory : JsonConverterFactory
{
    private static readonly Assembly Domain = typeof(Did).Assembly;

    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.Assembly == Domain && typeToConvert.IsValueType
        && Array.Exists(typeToConvert.GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IParsable<>));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(ParsableConverter<>).MakeGenericType(typeToConvert))!;

    private sealed class ParsableConverter<T> : JsonConverter<T>
        where T : struct, IParsable<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out T value)
                ? value
                : throw new XrpcJsonException($"must be {XrpcText.Describe(typeof(T))}");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            T.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out T value) ? value : throw new XrpcJsonException($"must be {XrpcText.Describe(typeof(T))}");

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString()!);
    }
}
