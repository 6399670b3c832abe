using System.Text.Json.Serialization;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Application.Identity;

/// <summary>A DID document that this server publishes under <c>/.well-known/did.json</c>. The names are those of the DID specification.</summary>
public sealed record WebDidDocument
{
    private const string PdsType = "AtprotoPersonalDataServer";

    private WebDidDocument()
    {
    }

    /// <summary>JSON-LD contexts.</summary>
    [JsonPropertyName("@context")]
    public required IReadOnlyList<string> Context { get; init; }

    /// <summary>Whose document it is.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The handle as <c>at://…</c>; absent for the server itself.</summary>
    [JsonPropertyName("alsoKnownAs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? AlsoKnownAs { get; init; }

    /// <summary>The key that signs the repository; absent for the server itself.</summary>
    [JsonPropertyName("verificationMethod")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WebDidKey>? VerificationMethod { get; init; }

    /// <summary>This server.</summary>
    [JsonPropertyName("service")]
    public required IReadOnlyList<WebDidService> Service { get; init; }

    /// <summary>The document of the server: what others check the audience of service tokens by.</summary>
    /// <param name="did">Its DID.</param>
    /// <param name="origin">Its public URL without a trailing slash.</param>
    public static WebDidDocument OfServer(Did did, string origin) => new()
    {
        Context = ["https://www.w3.org/ns/did/v1"],
        Id = did.ToString(),
        Service = [new("#atproto_pds", PdsType, origin)],
    };

    /// <summary>The document of an account whose DID is its host name.</summary>
    /// <param name="did">Its DID.</param>
    /// <param name="handle">Its handle, if it has one.</param>
    /// <param name="signingKey">The key of its repository.</param>
    /// <param name="origin">Public URL of this server without a trailing slash.</param>
    public static WebDidDocument OfAccount(Did did, Handle? handle, PublicKey signingKey, string origin) => new()
    {
        Context = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        Id = did.ToString(),
        AlsoKnownAs = handle is { } alias ? [$"at://{alias}"] : [],
        VerificationMethod = [new($"{did}#atproto", "Multikey", did.ToString(), signingKey.ToMultikey())],
        Service = [new("#atproto_pds", PdsType, origin)],
    };
}

/// <summary>A verification method of a <see cref="WebDidDocument"/>.</summary>
/// <param name="Id">The DID with the fragment.</param>
/// <param name="Type"><c>Multikey</c>.</param>
/// <param name="Controller">The DID.</param>
/// <param name="PublicKeyMultibase">Multicodec and compressed point.</param>
public sealed record WebDidKey(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("controller")] string Controller,
    [property: JsonPropertyName("publicKeyMultibase")] string PublicKeyMultibase);

/// <summary>A service of a <see cref="WebDidDocument"/>.</summary>
/// <param name="Id">The fragment.</param>
/// <param name="Type">What it is.</param>
/// <param name="ServiceEndpoint">Its URL.</param>
public sealed record WebDidService(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("serviceEndpoint")] string ServiceEndpoint);
