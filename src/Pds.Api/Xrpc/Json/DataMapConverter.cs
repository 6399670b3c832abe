using System.Text.Json;
using System.Text.Json.Serialization;
using Pds.Domain.DataModel;

namespace Pds.Api.Xrpc.Json;

/// <summary>Records and other free data, between JSON and DAG-CBOR in one pass.</summary>
internal sealed class DataMapConverter : JsonConverter<DataMap>
{
    public override DataMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new XrpcJsonException($"must be {XrpcText.Describe(typeof(DataMap))}");
        }

        try
        {
            return DataJson.Read(ref reader);
        }
        catch (DataModelException fault)
        {
            throw new XrpcDataException(fault.Message, reader.TokenStartIndex);
        }
    }

    public override void Write(Utf8JsonWriter writer, DataMap value, JsonSerializerOptions options) => DataJson.Write(writer, value.Cbor.Span);
}
