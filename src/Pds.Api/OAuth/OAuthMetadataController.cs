using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Pages;
using Pds.Api.Xrpc;
using Pds.Application.OAuth;
using Pds.Application.Settings;
using Pds.Domain.OAuth;

namespace Pds.Api.OAuth;

/// <summary>What clients read first (RFC 8414, RFC 9728, spec 07 §2).</summary>
/// <param name="options">The public address.</param>
/// <param name="texts">The languages of the pages.</param>
[PdsArea(PdsArea.AuthorizationServer)]
internal sealed class OAuthMetadataController(ServerSettings options, PageTexts texts) : ControllerBase
{
    private string Issuer => options.PublicOrigin;

    /// <summary>Names the authorization server of this resource server: itself.</summary>
    [HttpGet("/.well-known/oauth-protected-resource")]
    public IActionResult GetResource() => new XrpcResult(new JsonObject
    {
        ["resource"] = Issuer,
        ["authorization_servers"] = new JsonArray(Issuer),
        ["scopes_supported"] = new JsonArray(),
        ["bearer_methods_supported"] = new JsonArray("header"),
        ["resource_documentation"] = "https://atproto.com",
    });

    /// <summary>What the authorization server can do.</summary>
    [HttpGet("/.well-known/oauth-authorization-server")]
    public IActionResult GetAuthorizationServer()
    {
        Response.Headers.CacheControl = "max-age=300";
        return new XrpcResult(new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/oauth/authorize",
            ["token_endpoint"] = $"{Issuer}/oauth/token",
            ["revocation_endpoint"] = $"{Issuer}/oauth/revoke",
            ["pushed_authorization_request_endpoint"] = $"{Issuer}/oauth/par",
            ["jwks_uri"] = $"{Issuer}/oauth/jwks",
            ["scopes_supported"] = Texts(StaticScope.Atproto, StaticScope.Email, StaticScope.Generic, StaticScope.Chat),
            ["response_types_supported"] = Texts("code"),
            ["response_modes_supported"] = Texts("query", "fragment", "form_post"),
            ["grant_types_supported"] = Texts("authorization_code", "refresh_token"),
            ["code_challenge_methods_supported"] = Texts("S256"),
            ["token_endpoint_auth_methods_supported"] = Texts("none", "private_key_jwt"),
            ["token_endpoint_auth_signing_alg_values_supported"] = Texts([.. OAuthUseCases.Algorithms]),
            ["dpop_signing_alg_values_supported"] = Texts([.. OAuthUseCases.Algorithms]),
            ["request_object_signing_alg_values_supported"] = Texts([.. OAuthUseCases.Algorithms, "none"]),
            ["request_object_encryption_alg_values_supported"] = new JsonArray(),
            ["request_object_encryption_enc_values_supported"] = new JsonArray(),
            ["request_parameter_supported"] = true,
            ["request_uri_parameter_supported"] = true,
            ["require_request_uri_registration"] = true,
            ["require_pushed_authorization_requests"] = true,
            ["authorization_response_iss_parameter_supported"] = true,
            ["client_id_metadata_document_supported"] = true,
            ["subject_types_supported"] = Texts("public"),
            ["ui_locales_supported"] = Texts([.. texts.Languages]),
            ["display_values_supported"] = Texts("page", "popup", "touch"),
            ["prompt_values_supported"] = Texts("none", "login", "consent", "select_account", "create"),
            ["protected_resources"] = Texts(Issuer),
        });
    }

    /// <summary>The public keys of the authorization server: none, since access tokens are for this server alone.</summary>
    [HttpGet("/oauth/jwks")]
    public IActionResult GetKeys() => new XrpcResult(new JsonObject { ["keys"] = new JsonArray() });

    private static JsonArray Texts(params ReadOnlySpan<string> texts)
    {
        JsonArray array = [];
        foreach (string text in texts)
        {
            array.Add(text);
        }

        return array;
    }
}
