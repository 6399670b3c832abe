using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Finds out which client calls, and has it prove that (spec 07 §3.4).</summary>
internal sealed class OAuthClients(
    IClientMetadataSource metadata, IReplayStore replays, IVerifier verifier, ServerIdentity identity, OAuthSettings options, TimeProvider time)
{
    private const int MaxId = 4096;
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
        if (jwt.Algorithm != client.AssertionAlgorithm)
        {
            throw Fault("client_assertion is not signed with the algorithm of the client");
        }

        JsonWebKey key = await FindKeyAsync(client, jwt, cancellationToken) is { } known && jwt.IsSignedBy(known, verifier)
            ? known
            : throw Fault("client_assertion is not signed with a key of the client");
        CheckClaims(client, jwt);
        if (key.Thumbprint == dpopKey)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "The DPoP key must not be the key of the client");
        }

        if (!await replays.TryAddAsync("assertion", $"{clientId} {Jwt.GetText(jwt.Claims, "jti")}", (OAuthTimes.Assertion + OAuthTimes.Assertion) * 1.1, cancellationToken))
        {
            throw new XrpcException(OAuthErrors.InvalidGrant, "client_assertion jti reused");
        }

        return (client, new ClientBinding(key.Thumbprint));
    }

    /// <summary>Whether the operator vouches for a client.</summary>
    public bool IsTrusted(ClientMetadata client) => options.TrustedClients.Contains(client.ClientId);

    /// <summary>Whether sessions of a client may last: it keeps a key, or the operator vouches for it.</summary>
    public bool IsTrustworthy(ClientMetadata client) => client.IsConfidential || IsTrusted(client);

    /// <summary>Whether a client signed a text with the key that the text names.</summary>
    public async ValueTask<bool> IsSignedByAsync(ClientMetadata client, SignedJson text, CancellationToken cancellationToken) =>
        await FindKeyAsync(client, text, cancellationToken) is { } key && text.IsSignedBy(key, verifier);

    /// <summary>Which client a call says it is from.</summary>
    /// <exception cref="XrpcException">invalid_client.</exception>
    public static string ReadId(OAuthCall call)
    {
        string? id = call.Find("client_id") is { Length: > MaxId } ? throw Fault($"client_id must have {MaxId} characters or less") : call.Find("client_id");
        if (call.Find("client_assertion") is not { } assertion)
        {
            return id ?? throw Fault("client_id is required");
        }

        using SignedJson? jwt = SignedJson.TryRead(assertion);
        string? subject = Jwt.GetText(jwt?.Claims, "sub");
        return subject is { Length: <= MaxId } && (id ?? subject) == subject ? subject : throw Fault("client_id and the subject of client_assertion differ");
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidClient, message);

    private async ValueTask<JsonWebKey?> FindKeyAsync(ClientMetadata client, SignedJson jwt, CancellationToken cancellationToken)
    {
        string? id = Jwt.GetText(jwt.Header, "kid");
        foreach (bool refresh in id is null ? [] : new[] { false, true })
        {
            IReadOnlyList<JsonWebKey> keys = await metadata.GetKeysAsync(client, refresh, cancellationToken);
            if (keys.FirstOrDefault(key => key.KeyId == id) is { } key)
            {
                return key;
            }
        }

        return null;
    }

    private void CheckClaims(ClientMetadata client, SignedJson jwt)
    {
        if (Jwt.GetText(jwt.Claims, "iss") != client.ClientId || Jwt.GetText(jwt.Claims, "sub") != client.ClientId || !jwt.IsFor(identity.PublicUrl))
        {
            throw Fault("client_assertion is not from this client to this server");
        }

        if (!jwt.IsOfNow(time.GetUtcNow().ToUnixTimeSeconds(), OAuthTimes.Assertion))
        {
            throw Fault("client_assertion is not of now");
        }

        if (string.IsNullOrEmpty(Jwt.GetText(jwt.Claims, "jti")))
        {
            throw Fault("client_assertion must have a jti");
        }
    }
}
