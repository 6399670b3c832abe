using System.Text.Json;
using System.Text.Json.Serialization;
using Pds.Domain.Identity;

namespace Pds.Api.Xrpc.Json;

/// <summary>DID documents, passed on as they were received.</summary>
internal sealed class DidDocumentConverter : JsonConverter<DidDocument>
{
    public override DidDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new XrpcJsonException("is not an input");

    public override void Write(Utf8JsonWriter writer, DidDocument value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
}
