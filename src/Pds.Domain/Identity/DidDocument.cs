using System.Text.Json;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Identity;

/// <summary>A DID document as received, with what atproto reads from it. Members of unexpected shape are passed over, as if absent.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/did#did-documents"/></remarks>
public sealed class DidDocument
{
    private const string AliasPrefix = "at://";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private readonly IReadOnlyList<Method> _methods;
    private readonly IReadOnlyList<Service> _services;

    private DidDocument(Did did, ReadOnlyMemory<byte> json, JsonElement root)
    {
        Did = did;
        Json = json;
        Handle = FindHandle(root);
        _methods = [.. Objects(root, "verificationMethod").Select(ReadMethod).OfType<Method>()];
        _services = [.. Objects(root, "service").Select(ReadService).OfType<Service>()];
        SigningKey = FindKey("atproto");
        PdsEndpoint = FindPds();
    }

    /// <summary>Whose document it is.</summary>
    public Did Did { get; }

    /// <summary>The document itself, UTF-8.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The first alias that is <c>at://</c> and a valid handle. Whether the handle points back is another question.</summary>
    public Handle? Handle { get; }

    /// <summary>The key <c>#atproto</c>, which signs commits and service tokens.</summary>
    public PublicKey? SigningKey { get; }

    /// <summary>The endpoint of <c>#atproto_pds</c> as it is written: an http or https URL without path, query and user.</summary>
    public string? PdsEndpoint { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="did">The DID that it was asked for.</param>
    /// <param name="utf8Json">The document; it is copied.</param>
    /// <exception cref="FormatException">Not a JSON object, or its <c>id</c> is another one.</exception>
    public static DidDocument Parse(Did did, ReadOnlySpan<byte> utf8Json)
    {
        byte[] json = utf8Json.ToArray();
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "id") == did.ToString()
                ? new DidDocument(did, json, document.RootElement)
                : throw new FormatException("The DID document is not an object with the id that was asked for.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not Unicode, found only when it is asked for.
            throw new FormatException("The DID document is not well-formed JSON.", e);
        }
    }

    /// <summary>The first key with a given id, if we know its type.</summary>
    /// <param name="fragment">For example <c>atproto</c> or <c>atproto_label</c>, without the number sign.</param>
    public PublicKey? FindKey(string fragment) => _methods.FirstOrDefault(method => IsId(method.Id, fragment))?.Key;

    /// <summary>The endpoint of the first service with a given id, whatever its type, if it is an http or https URL.</summary>
    /// <param name="fragment">For example <c>bsky_appview</c>, without the number sign.</param>
    public string? FindService(string fragment) => EndpointOf(_services.FirstOrDefault(service => IsId(service.Id, fragment)));

    /// <summary>The endpoint of the first service with a given id and type, if it is an http or https URL.</summary>
    /// <param name="fragment">For example <c>bsky_notif</c>, without the number sign.</param>
    /// <param name="type">For example <c>BskyNotificationService</c>.</param>
    public string? FindService(string fragment, string type) =>
        EndpointOf(_services.FirstOrDefault(service => service.Type == type && IsId(service.Id, fragment)));

    private static string? EndpointOf(Service? service) => TryParseUrl(service?.Endpoint, out _) ? service!.Endpoint : null;

    private static Handle? FindHandle(JsonElement root)
    {
        foreach (JsonElement alias in Items(root, "alsoKnownAs"))
        {
            if (alias.ValueKind == JsonValueKind.String
                && alias.GetString() is { } text
                && text.StartsWith(AliasPrefix, StringComparison.Ordinal)
                && Identifiers.Handle.TryParse(text[AliasPrefix.Length..], out Handle handle))
            {
                return handle;
            }
        }

        return null;
    }

    private static Method? ReadMethod(JsonElement method)
    {
        string? multibase = Text(method, "publicKeyMultibase");
        PublicKey? key = null;
        _ = Text(method, "type") switch
        {
            "Multikey" => PublicKey.TryParseMultikey(multibase, out key),
            "EcdsaSecp256k1VerificationKey2019" => PublicKey.TryParseLegacyMultibase(KeyCurve.Secp256k1, multibase, out key),
            "EcdsaSecp256r1VerificationKey2019" => PublicKey.TryParseLegacyMultibase(KeyCurve.P256, multibase, out key),
            _ => false,
        };
        return Text(method, "id") is { } id ? new(id, key) : null;
    }

    private static Service? ReadService(JsonElement service) =>
        Text(service, "id") is { } id ? new(id, Text(service, "type"), Text(service, "serviceEndpoint")) : null;

    private static bool TryParseUrl(string? text, out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out JsonElement field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;

    private static IEnumerable<JsonElement> Objects(JsonElement root, string name) =>
        Items(root, name).Where(item => item.ValueKind == JsonValueKind.Object);

    private static IEnumerable<JsonElement> Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private string? FindPds() =>
        _services.FirstOrDefault(service => service.Type == "AtprotoPersonalDataServer" && IsId(service.Id, "atproto_pds")) is { } found
        && TryParseUrl(found.Endpoint, out Uri? url)
        && url is { PathAndQuery: "/", UserInfo: "", Fragment: "" }
            ? found.Endpoint
            : null;

    /// <summary>Ids are written relative to the document or in full.</summary>
    private bool IsId(string id, string fragment)
    {
        ReadOnlySpan<char> rest = id;
        string did = Did.ToString();
        rest = rest.StartsWith(did, StringComparison.Ordinal) ? rest[did.Length..] : rest;
        return rest is ['#', ..] && rest[1..].SequenceEqual(fragment);
    }

    private sealed record Method(string Id, PublicKey? Key);

    private sealed record Service(string Id, string? Type, string? Endpoint);
}
