using System.Text.Json;
using Pds.Domain.Errors;

namespace Pds.Domain.OAuth;

/// <summary>Judges a metadata document.</summary>
public static class ClientMetadataReader
{
    private static readonly string[] Forbidden =
    [
        "default_max_age", "userinfo_signed_response_alg", "id_token_signed_response_alg", "userinfo_encrypted_response_alg",
        "authorization_encrypted_response_enc", "tls_client_certificate_bound_access_tokens", "authorization_details_types",
    ];

    /// <summary>Reads the document of a client.</summary>
    /// <param name="json">The document.</param>
    /// <param name="clientId">The client, which the document must name.</param>
    /// <param name="algorithms">The algorithms that assertions may be signed with.</param>
    /// <exception cref="XrpcException">invalid_client_metadata, invalid_redirect_uri.</exception>
    public static ClientMetadata Read(JsonElement json, string clientId, IReadOnlyCollection<string> algorithms)
    {
        Require(json.ValueKind == JsonValueKind.Object, "The document must be an object");
        Require(Text(json, "client_id") == clientId, "client_id must be the address of the document");
        foreach (string name in Forbidden)
        {
            Require(!Has(json, name) || json.GetProperty(name).ValueKind == JsonValueKind.False, $"{name} is not supported");
        }

        IReadOnlyList<string> scope = ScopeSet.Split(Text(json, "scope")) ?? throw Fault("scope is missing or malformed");
        Require(scope.Contains(StaticScope.Atproto) && scope.Distinct(StringComparer.Ordinal).Count() == scope.Count, "scope must hold atproto, and every token once");
        IReadOnlyList<string> grants = Texts(json, "grant_types") ?? ["authorization_code"];
        Require(
            grants.Contains("authorization_code") && grants.All(grant => grant is "authorization_code" or "refresh_token") && grants.Distinct(StringComparer.Ordinal).Count() == grants.Count,
            "grant_types must be authorization_code and perhaps refresh_token");
        Require((Texts(json, "response_types") ?? ["code"]).Contains("code"), "response_types must hold code");
        Require(json.TryGetProperty("dpop_bound_access_tokens", out JsonElement bound) && bound.ValueKind == JsonValueKind.True, "dpop_bound_access_tokens must be true");
        Require(Text(json, "subject_type") is null or "public", "subject_type must be public");
        Require(!Has(json, "jwks") || !Has(json, "jwks_uri"), "jwks and jwks_uri exclude each other");

        ClientMetadata client = new()
        {
            ClientId = clientId,
            Scope = scope,
            RedirectUris = Texts(json, "redirect_uris") is { Count: > 0 } redirects ? redirects : throw Fault("redirect_uris must have one or more"),
            AllowsRefresh = grants.Contains("refresh_token"),
            Name = Text(json, "client_name"),
            LogoUri = Address(json, "logo_uri"),
            Uri = ReadClientUri(json, clientId),
            RequestAlgorithm = Text(json, "request_object_signing_alg"),
        };
        Require(client.RequestAlgorithm is not { } algorithm || algorithm == "none" || algorithms.Contains(algorithm), "request_object_signing_alg is not supported");
        client = ReadAuthentication(json, client, algorithms);
        RequireRedirects(json, client);
        return client;
    }

    private static ClientMetadata ReadAuthentication(JsonElement json, ClientMetadata client, IReadOnlyCollection<string> algorithms)
    {
        string? algorithm = Text(json, "token_endpoint_auth_signing_alg");
        switch (Text(json, "token_endpoint_auth_method"))
        {
            case "none":
                Require(algorithm is null, "token_endpoint_auth_signing_alg is for private_key_jwt only");
                return client;
            case "private_key_jwt":
                Require(algorithm is not null && algorithms.Contains(algorithm), "token_endpoint_auth_signing_alg is missing or not supported");
                IReadOnlyList<JsonWebKey> keys = json.TryGetProperty("jwks", out JsonElement set) ? JsonWebKey.ReadSet(set) ?? [] : [];
                bool hasSet = Has(json, "jwks");
                Uri? address = Address(json, "jwks_uri");
                Require(hasSet ? keys.Count > 0 : address is not null, "one of jwks and jwks_uri must be there, with public keys");
                return client with { IsConfidential = true, Keys = keys, JwksUri = address, AssertionAlgorithm = algorithm };
            default:
                // Absent means client_secret_basic, which a public document cannot offer.
                throw Fault("token_endpoint_auth_method must be none or private_key_jwt");
        }
    }

    private static void RequireRedirects(JsonElement json, ClientMetadata client)
    {
        string type = Text(json, "application_type") ?? "web";
        Require(type is "web" or "native", "application_type must be web or native");
        Require(type != "native" || !client.IsConfidential, "a native client cannot keep a key: its token_endpoint_auth_method must be none");
        foreach (string redirect in client.RedirectUris)
        {
            if (RedirectUri.FaultOf(redirect, new Uri(client.ClientId), type == "native") is { } fault)
            {
                throw new XrpcException(OAuthErrors.InvalidRedirectUri, $"A redirect URI {fault}");
            }
        }
    }

    private static Uri? ReadClientUri(JsonElement json, string clientId)
    {
        if (!Has(json, "client_uri"))
        {
            return null;
        }

        Uri own = new(clientId);
        Uri? uri = Address(json, "client_uri");
        string? path = uri is null ? null : uri.AbsolutePath.EndsWith('/') ? uri.AbsolutePath : $"{uri.AbsolutePath}/";
        Require(
            uri is not null && uri.GetLeftPart(UriPartial.Authority) == own.GetLeftPart(UriPartial.Authority)
                && (own.AbsolutePath.StartsWith(path!, StringComparison.Ordinal) || own.AbsolutePath == uri.AbsolutePath),
            "client_uri must be on the host of the document, and above it");
        return uri;
    }

    private static bool Has(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Uri? Address(JsonElement json, string name) => Uri.TryCreate(Text(json, name), UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http" ? uri : null;

    private static List<string>? Texts(JsonElement json, string name)
    {
        if (!Has(json, name))
        {
            return null;
        }

        JsonElement value = json.GetProperty(name);
        Require(value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String), $"{name} must be a list of texts");
        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw Fault(message);
        }
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidClientMetadata, message);
}
