using System.Text;
using System.Text.Json;
using Pds.Application.OAuth;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;
using Pds.Domain.Repositories;

namespace Pds.Fuzz.Targets;

/// <summary>Client metadata and key sets: only <see cref="XrpcException"/> refuses; a client that is taken has what its requests need.</summary>
internal sealed class ClientMetadataTarget() : FuzzTarget("client-metadata", Document)
{
    private const string Id = "https://app.example.dev/client-metadata.json";

    public override int MaxLength => 2048;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"client_id\":", "\"scope\":\"atproto\"", "\"redirect_uris\":[", "\"grant_types\":[", "\"jwks\":{\"keys\":[", "\"jwks_uri\":", "\"application_type\":\"native\"", "\"token_endpoint_auth_method\":\"none\"", "\"client_uri\":", "\"logo_uri\":", "dev.example.app:/",
        "http://127.0.0.1:1/", "http://[::1]/", "https://", "\\ud800", "\\u0000", "null", "false", "{}", "[]", "\"kty\":\"RSA\"", "\"kty\":\"EC\"", "\"crv\":\"P-521\"", "\"use\":\"enc\"",
    ];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        JsonDocument json;
        try
        {
            json = UnicodeJson.Parse(input);
        }
        catch (JsonException)
        {
            return "no JSON";
        }

        using (json)
        {
            JsonWebKey.ReadSet(json.RootElement);
            JsonWebKey.TryRead(json.RootElement, out _);
            try
            {
                ClientMetadata client = ClientMetadataReader.Read(json.RootElement, Id, SignedJson.Algorithms);
                Promise.Holds(client.ClientId == Id && client.Host.Length > 0, "A client is another one.");
                Promise.Holds(client.RedirectUris.Count > 0 && client.Scope.Contains("atproto"), "A client lacks what it needs.");
                Promise.Holds(client.IsConfidential == (client.Keys.Count > 0 || client.JwksUri is not null), "A confidential client has no keys, or a public one has.");
                return null;
            }
            catch (XrpcException e)
            {
                return e.Message;
            }
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("web.json", Encoding.UTF8.GetBytes(
            $$$"""{"client_id":"{{{Id}}}","client_name":"App","client_uri":"https://app.example.dev/","scope":"atproto repo:*","redirect_uris":["https://app.example.dev/cb"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"private_key_jwt","token_endpoint_auth_signing_alg":"ES256","dpop_bound_access_tokens":true,"jwks":{"keys":[{{{Ec}}}]}}"""));
        yield return ("native.json", Encoding.UTF8.GetBytes(
            $$"""{"client_id":"{{Id}}","application_type":"native","scope":"atproto transition:generic","redirect_uris":["dev.example.app:/cb","http://127.0.0.1/cb"],"grant_types":["authorization_code"],"response_types":["code"],"token_endpoint_auth_method":"none","dpop_bound_access_tokens":true}"""));
        yield return ("jwks.json", Encoding.UTF8.GetBytes($$"""{"keys":[{{Ec}},{"kty":"RSA","n":"{{new string('A', 342)}}","e":"AQAB"},{"kty":"oct","k":"AA"}]}"""));
        yield return ("ec.json", Encoding.UTF8.GetBytes(Ec));
    }

    internal const string Ec = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"1","use":"sig","alg":"ES256"}""";
}

/// <summary>Client ids and redirect URIs: never an exception; a loopback client describes itself, a document is at an address outside.</summary>
internal sealed class ClientIdTarget() : FuzzTarget("client-id", Document)
{
    public override int MaxLength => 400;

    public override IReadOnlyList<string> Tokens { get; } =
        ["http://localhost", "?redirect_uri=", "&scope=", "atproto", "http%3A%2F%2F127.0.0.1%3A80%2Fcb", "https://", "[::1]", "%", "@", "#", ":443", "xn--", "/../", "\u00e9", "\u3002", ".local"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        string text = Encoding.UTF8.GetString(input.Span);
        bool isDocument = ClientId.TryParseDocument(text, isDevelopment: (input.Length & 1) == 0, out Uri? address, out string? fault);
        Promise.Holds(!isDocument || (address!.Host.Length > 0 && address.UserInfo.Length == 0 && address.Fragment.Length == 0), "A document has no plain address.");
        Promise.Holds(isDocument == (fault is null), "A refusal says nothing.");
        ClientMetadata? loopback = ClientId.DescribeLoopback(text, out fault);
        Promise.Holds((loopback is null) == (fault is not null), "A refusal says nothing.");
        Promise.Holds(loopback is null || (loopback.RedirectUris.Count > 0 && loopback.Scope.Contains("atproto")), "A loopback client lacks what it needs.");
        _ = RedirectUri.FaultOf(text, address, isNative: true);
        _ = RedirectUri.FaultOf(text, address, isNative: false);
        Promise.Holds(RedirectUri.IsMatch(text, text), "A redirect does not match itself.");
        _ = RedirectUri.IsMatch(text, "http://127.0.0.1/cb");
        _ = RedirectUri.IsMatch("http://127.0.0.1:8080/cb", text);
        Promise.Holds(!Pkce.IsMatch(text, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM") || text == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "Another verifier matches.");
        return isDocument || loopback is not null ? null : "refused";
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => ((string[])
    [
        "http://localhost", "http://localhost/?redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fcb&scope=atproto%20repo%3A*", "https://app.example.dev/client-metadata.json", "http://127.0.0.1:8080/cb?x=1", "http://[::1]:80/cb", "dev.example.app:/cb",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    ]).Select((text, at) => ($"text-{at}", Encoding.ASCII.GetBytes(text)));
}

/// <summary>Scopes: never an exception; a token that is understood is understood the same when it is read again, and what it grants is no more than its text.</summary>
internal sealed class ScopeTarget() : FuzzTarget("scope", Document)
{
    private static readonly ScopeDemand[] Demands =
    [
        new ScopeDemand.Write(Nsid.Parse("app.bsky.feed.post"), WriteAction.Create), new ScopeDemand.Call(Nsid.Parse("app.bsky.feed.getTimeline"), "did:web:api.bsky.app#bsky_appview"),
        new ScopeDemand.Blob("image/png"), new ScopeDemand.Account("email", Manage: true), new ScopeDemand.Identity("handle"),
    ];

    public override int MaxLength => 600;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "repo:", "rpc:", "blob:", "account:", "identity:", "include:", "transition:generic", "atproto", "?", "&", "=", "*", "action=create", "aud=", "lxm=", "collection=", "did:web:a.b%23c", "app.bsky.feed.post", "image/*", "*/*", "%2A", "%", "+", " ", "accept=", "attr=",
    ];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        string text = Encoding.UTF8.GetString(input.Span);
        ScopeSet set = ScopeSet.Of(ScopeSet.Split(text) ?? []);
        var again = ScopeSet.Parse(set.ToString());
        Promise.Holds(again.Tokens.SequenceEqual(set.Tokens, Same.Instance), "A scope is understood differently the second time.");
        foreach (ScopeDemand demand in Demands)
        {
            Promise.Holds(!set.Grants(demand) || set.Tokens.Count > 0, "Nothing grants something.");
            Promise.Holds(ScopeSet.Of([demand.ToString()!]).Grants(demand), "The token that would do does not.");
        }

        return set.Tokens.Count > 0 ? null : "nothing understood";
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => ((string[])
    [
        "atproto transition:generic transition:email transition:chat.bsky", "repo:app.bsky.feed.post?action=create&action=delete repo?collection=a.b.c&collection=d.e.f", "rpc:app.bsky.feed.getTimeline?aud=did:web:api.bsky.app%23bsky_appview rpc:*?aud=did:web:a.b%23c",
        "blob:image/* blob?accept=video/mp4&accept=*/*", "account:email?action=manage account:repo identity:* identity:handle include:com.example.authFull?aud=did:web:a.b%23c",
    ]).Select((text, at) => ($"text-{at}", Encoding.ASCII.GetBytes(text)));

    private sealed class Same : IEqualityComparer<ScopeToken>
    {
        public static readonly Same Instance = new();

        public bool Equals(ScopeToken? x, ScopeToken? y) => x?.GetType() == y?.GetType() && x?.Text == y?.Text && Demands.All(demand => x!.Grants(demand) == y!.Grants(demand));

        public int GetHashCode(ScopeToken obj) => obj.Text.GetHashCode(StringComparison.Ordinal);
    }
}
