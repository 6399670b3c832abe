using System.Text.Json;
using System.Text.Json.Serialization;
using Pds.Domain.DataModel;

namespace Pds.Api.Xrpc.Json;

/// <summary>Blob references, which only ever leave: <c>{"$type":"blob","ref":{"$link":…},"mimeType":…,"size":…}</c>.</summary>
internal sealed class BlobRefConverter : JsonConverter<BlobRef>
{
    public override BlobRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new XrpcJsonException("is not an input");

    public override void Write(Utf8JsonWriter writer, BlobRef value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("$type"u8, "blob"u8);
        writer.WriteStartObject("ref"u8);
        writer.WriteString("$link"u8, value.Cid.ToString());
        writer.WriteEndObject();
        writer.WriteString("mimeType"u8, value.MimeType);
        writer.WriteNumber("size"u8, value.Size);
        writer.WriteEndObject();
    }
}
