using System.Text.Json;
using Microsoft.Extensions.Options;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Finds out which client calls, and has it prove that (spec 07 §3.4).</summary>
internal sealed class OAuthClients(
    IClientMetadataSource metadata, IReplayStore replays, IVerifier verifier, ServerIdentity identity, IOptions<PdsOptions> options, TimeProvider time)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The client of a call, authenticated in the way that its metadata says.</summary>
    /// <param name="call">The call.</param>
    /// <param name="dpopKey">Thumbprint of the key of its proof, which must not be the client's own.</param>
    /// <param name="allowStale">Whether old metadata will do when new cannot be had.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">invalid_client, invalid_client_metadata, invalid_redirect_uri, invalid_grant, invalid_request.</exception>
    public async ValueTask<(ClientMetadata Client, ClientBinding Binding)> AuthenticateAsync(
        OAuthCall call, string? dpopKey, bool allowStale, CancellationToken cancellationToken)
    {
        string clientId = ReadId(call);
        ClientMetadata client = await metadata.GetAsync(clientId, allowStale, cancellationToken);
        string? assertion = call.Find("client_assertion");
        if (!client.IsConfidential)
        {
            return assertion is null && call.Find("client_secret") is null ? (client, new ClientBinding(KeyThumbprint: null)) : throw Fault("The client must not authenticate");
        }

        if (assertion is null || call.Find("client_assertion_type") != AssertionType)
        {
            throw Fault("The client must authenticate with private_key_jwt");
        }

        using SignedJson jwt = SignedJson.TryRead(assertion) ?? throw Fault("client_assertion is malformed");
        JsonWebKey key = await FindKeyAsync(client, jwt, cancellationToken);
        CheckClaims(client, jwt);
        if (key.Thumbprint == dpopKey)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "The DPoP key must not be the key of the client");
        }

        if (!replays.TryAdd("assertion", $"{clientId} {Jwt.GetText(jwt.Claims, "jti")}", (OAuthTimes.Assertion + OAuthTimes.Assertion) * 1.1))
        {
            throw new XrpcException(OAuthErrors.InvalidGrant, "client_assertion jti reused");
        }

        return (client, new ClientBinding(key.Thumbprint));
    }

    /// <summary>Whether the operator vouches for a client.</summary>
    public bool IsTrusted(ClientMetadata client) => options.Value.TrustedOAuthClients.Contains(client.ClientId);

    /// <summary>Whether sessions of a client may last: it keeps a key, or the operator vouches for it.</summary>
    public bool IsTrustworthy(ClientMetadata client) => client.IsConfidential || IsTrusted(client);

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidClient, message);

    private static string ReadId(OAuthCall call)
    {
        string? id = call.Find("client_id");
        if (call.Find("client_assertion") is not { } assertion)
        {
            return id ?? throw Fault("client_id is required");
        }

        using SignedJson? jwt = SignedJson.TryRead(assertion);
        string? subject = Jwt.GetText(jwt?.Claims, "sub");
        return subject is not null && (id ?? subject) == subject ? subject : throw Fault("client_id and the subject of client_assertion differ");
    }

    private async ValueTask<JsonWebKey> FindKeyAsync(ClientMetadata client, SignedJson jwt, CancellationToken cancellationToken)
    {
        string id = Jwt.GetText(jwt.Header, "kid") ?? throw Fault("client_assertion must name its key");
        if (jwt.Algorithm != client.AssertionAlgorithm)
        {
            throw Fault("client_assertion is not signed with the algorithm of the client");
        }

        foreach (bool refresh in new[] { false, true })
        {
            IReadOnlyList<JsonWebKey> keys = await metadata.GetKeysAsync(client, refresh, cancellationToken);
            if (keys.FirstOrDefault(key => key.KeyId == id) is { } key)
            {
                return jwt.IsSignedBy(key, verifier) ? key : throw Fault("client_assertion has a wrong signature");
            }
        }

        throw Fault("client_assertion names a key that the client does not have");
    }

    private void CheckClaims(ClientMetadata client, SignedJson jwt)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        long tolerance = (long)OAuthTimes.ProofAge.TotalSeconds;
        if (Jwt.GetText(jwt.Claims, "iss") != client.ClientId || Jwt.GetText(jwt.Claims, "sub") != client.ClientId || !NamesUs(jwt))
        {
            throw Fault("client_assertion is not from this client to this server");
        }

        if (Jwt.GetNumber(jwt.Claims, "iat") is not { } issued || issued > now + tolerance || issued < now - (long)OAuthTimes.Assertion.TotalSeconds
            || (jwt.Claims.RootElement.TryGetProperty("exp", out _) && (Jwt.GetNumber(jwt.Claims, "exp") ?? 0) <= now))
        {
            throw Fault("client_assertion is not of now");
        }

        if (string.IsNullOrEmpty(Jwt.GetText(jwt.Claims, "jti")))
        {
            throw Fault("client_assertion must have a jti");
        }
    }

    private bool NamesUs(SignedJson jwt) => jwt.Claims.RootElement.TryGetProperty("aud", out JsonElement audience) && audience.ValueKind switch
    {
        JsonValueKind.String => audience.GetString() == identity.PublicUrl,
        JsonValueKind.Array => audience.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == identity.PublicUrl),
        _ => false,
    };
}
