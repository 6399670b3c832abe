using System.Text.Json;
using System.Text.Json.Serialization;
using Pds.Domain.DataModel;

namespace Pds.Api.Xrpc.Json;

/// <summary>Records and other free data, between JSON and DAG-CBOR in one pass.</summary>
internal sealed class DataMapConverter : JsonConverter<DataMap>
{
    public override DataMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.StartObject
            ? DataJson.Read(ref reader)
            : throw new XrpcJsonException($"must be {XrpcText.Describe(typeof(DataMap))}");

    public override void Write(Utf8JsonWriter writer, DataMap value, JsonSerializerOptions options) => DataJson.Write(writer, value.Cbor.Span);
}
