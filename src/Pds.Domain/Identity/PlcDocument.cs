using System.Text.Encodings.Web;
using System.Text.Json;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Identity;

/// <summary>DID documents as the directory renders them.</summary>
public static class PlcDocument
{
    private const string DidKeyPrefix = "did:key:";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document of a DID, in JSON.</summary>
    public static byte[] ToDidDocument(Did did, PlcData data)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Relaxed))
        {
            writer.WriteStartObject();
            WriteTexts(writer, "@context", Contexts(data));
            writer.WriteString("id", did.ToString());
            WriteTexts(writer, "alsoKnownAs", data.AlsoKnownAs);
            WriteKeys(writer, did, data);
            WriteServices(writer, data);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static IEnumerable<string> Contexts(PlcData data)
    {
        IEnumerable<string> suites = data.VerificationMethods.Values
            .Select(text => PublicKey.TryParseDidKey(text, out PublicKey? key) ? key.Curve : (KeyCurve?)null)
            .OfType<KeyCurve>()
            .Distinct()
            .Select(curve => curve == KeyCurve.Secp256k1
                ? "https://w3id.org/security/suites/secp256k1-2019/v1"
                : "https://w3id.org/security/suites/ecdsa-2019/v1");
        return ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1", .. suites];
    }

    private static void WriteKeys(Utf8JsonWriter writer, Did did, PlcData data)
    {
        writer.WriteStartArray("verificationMethod");
        foreach ((string name, string key) in data.VerificationMethods)
        {
            writer.WriteStartObject();
            writer.WriteString("id", $"{did}#{name}");
            writer.WriteString("type", "Multikey");
            writer.WriteString("controller", did.ToString());
            writer.WriteString("publicKeyMultibase", key.StartsWith(DidKeyPrefix, StringComparison.Ordinal) ? key[DidKeyPrefix.Length..] : key);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteServices(Utf8JsonWriter writer, PlcData data)
    {
        writer.WriteStartArray("service");
        foreach ((string name, PlcService service) in data.Services)
        {
            writer.WriteStartObject();
            writer.WriteString("id", "#" + name);
            writer.WriteString("type", service.Type);
            writer.WriteString("serviceEndpoint", service.Endpoint);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
