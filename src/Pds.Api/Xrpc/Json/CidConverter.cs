using System.Text.Json;
using System.Text.Json.Serialization;
using Pds.Domain.DataModel;

namespace Pds.Api.Xrpc.Json;

/// <summary>CIDs as text (format <c>cid</c> of the lexicons). Links within records are <see cref="DataMapConverter"/>'s.</summary>
internal sealed class CidConverter : JsonConverter<Cid>
{
    public override Cid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Cid.TryParse(reader.GetString(), out Cid cid)
            ? cid
            : throw new XrpcJsonException($"must be {XrpcText.Describe(typeof(Cid))}");

    public override void Write(Utf8JsonWriter writer, Cid value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Cid.TextLength];
        value.FormatUtf8(text);
        writer.WriteStringValue(text);
    }
}
