using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pds.Api.Xrpc.Json;
using Pds.Application.Pipeline;

namespace Pds.Api.Xrpc;

/// <summary>JSON of the wire. It is no host's business and does not touch the host's own settings.</summary>
public static class XrpcJson
{
    internal const string ContentType = "application/json; charset=utf-8";

    /// <summary>Camel case, nulls left out, nothing escaped that need not be, no duplicates, comments or trailing commas.</summary>
    public static readonly JsonSerializerOptions Options = Create();

    /// <summary>For those who write JSON by hand.</summary>
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            AllowDuplicateProperties = false,
            AllowOutOfOrderMetadataProperties = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RefuseNull } },
            Converters =
            {
                new DataMapConverter(),
                new BlobRefConverter(),
                new DidDocumentConverter(),
                new DateTimeConverter(),
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A member that may be left out may still not be null, unless its lexicon says so.</summary>
    private static void RefuseNull(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo member in type.Properties)
        {
            if (member.IsSetNullable && member.AttributeProvider?.IsDefined(typeof(LexiconNullableAttribute), inherit: false) is not true)
            {
                member.IsSetNullable = false;
            }
        }
    }
}
