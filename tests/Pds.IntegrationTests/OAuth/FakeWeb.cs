using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Settings;
using Pds.Infrastructure.Http;

namespace Pds.IntegrationTests.OAuth;

/// <summary>The web, as far as the server gets to see it: documents of clients.</summary>
internal class FakeWeb : HttpMessageHandler
{
    public Dictionary<string, JsonObject> Documents { get; } = [];

    public Dictionary<string, string> Spoil { get; } = [];

    /// <summary>Starts a server that fetches from here.</summary>
    public Task<PdsApplication> StartAsync(IReadOnlyDictionary<string, string?>? variables = null, Action<IServiceCollection>? more = null) => PdsApplication.StartAsync(variables, services =>
    {
        services.Replace(ServiceDescriptor.Singleton(provider => GuardedHttp.Over(this, provider.GetRequiredService<ServerSettings>(), TimeProvider.System)));
        more?.Invoke(services);
    });

    /// <summary>A document of a client without a key, with nothing wrong in it.</summary>
    public static JsonObject Public(string id, string redirect) => new()
    {
        ["client_id"] = id,
        ["client_name"] = "A trustworthy name",
        ["scope"] = "atproto transition:generic",
        ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
        ["response_types"] = new JsonArray("code"),
        ["dpop_bound_access_tokens"] = true,
        ["token_endpoint_auth_method"] = "none",
        ["redirect_uris"] = new JsonArray(redirect),
    };

    /// <summary>A document of a client with a key, whose id is <c>k1</c>.</summary>
    public static JsonObject Confidential(string id, string redirect, DpopKey key)
    {
        JsonObject document = Public(id, redirect);
        document["token_endpoint_auth_method"] = "private_key_jwt";
        document["token_endpoint_auth_signing_alg"] = "ES256";
        document["jwks"] = KeySet(key, "k1");
        return document;
    }

    public static JsonObject KeySet(DpopKey key, string id)
    {
        JsonObject jwk = key.Jwk;
        jwk["kid"] = id;
        return new JsonObject { ["keys"] = new JsonArray(jwk) };
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string address = request.RequestUri!.AbsoluteUri;
        string text = Documents.TryGetValue(address, out JsonObject? document) ? document.ToJsonString() : "{}";
        HttpResponseMessage response = Spoil.GetValueOrDefault(address) switch
        {
            "redirect" => new(HttpStatusCode.Found) { Headers = { Location = new Uri("https://app.client.dev/client.json") } },
            "html" => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "text/html") },
            "no type" => new(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) },
            "huge" => new(HttpStatusCode.OK) { Content = new StringContent(text + new string(' ', 513 * 1024), Encoding.UTF8, "application/json") },
            "broken" => new(HttpStatusCode.OK) { Content = new StringContent(text[1..], Encoding.UTF8, "application/json") },
            "missing" => new(HttpStatusCode.NotFound),
            "other status" => new(HttpStatusCode.NonAuthoritativeInformation) { Content = new StringContent(text, Encoding.UTF8, "application/json") },
            _ => new(document is null ? HttpStatusCode.NotFound : HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") },
        };
        return Task.FromResult(response);
    }
}
