using System.Text.Json;
using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Opens requests that come as a JWT in the parameter <c>request</c> (RFC 9101, spec 07 §4). Nothing beside it counts then.</summary>
internal sealed class RequestObjects(OAuthClients clients, IReplayStore replays, ServerIdentity identity, TimeProvider time)
{
    private static readonly string[] Nested = ["request", "request_uri"];

    /// <summary>The call with the parameters of its request object, if it has one; otherwise as it is.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public async ValueTask<OAuthCall> OpenAsync(OAuthCall call, ClientMetadata client, CancellationToken cancellationToken)
    {
        if (call.Find("request") is not { } text)
        {
            return call;
        }

        using SignedJson request = SignedJson.TryRead(text) ?? throw Fault("it is malformed");
        bool isGenuine = client.RequestAlgorithm == "none"
            ? request.IsUnsigned
            : (client.RequestAlgorithm is null || client.RequestAlgorithm == request.Algorithm) && await clients.IsSignedByAsync(client, request, cancellationToken);
        if (!isGenuine)
        {
            throw Fault("it is not signed in the way of the client");
        }

        string id = CheckClaims(request, client);
        if (!await replays.TryAddAsync("request", $"{client.ClientId} {id}", (OAuthTimes.RequestObject * 1.1) + OAuthTimes.ProofAge, cancellationToken))
        {
            throw Fault("it was used before");
        }

        Dictionary<string, string> parameters = request.Claims.RootElement.EnumerateObject()
            .Where(member => member.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(member => member.Name, member => member.Value.ToString(), StringComparer.Ordinal);
        return Array.Exists(Nested, parameters.ContainsKey) || parameters.GetValueOrDefault("client_id") != client.ClientId
            ? throw Fault("it is another client's, or refers to another request")
            : call with { Parameters = parameters };
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidRequest, $"Invalid request object: {message}");

    /// <summary>The id of a request object that is of now and from this client to this server.</summary>
    private string CheckClaims(SignedJson request, ClientMetadata client)
    {
        // Unsigned ones may leave out who and for whom; what they say must be right all the same.
        bool mayOmit = client.RequestAlgorithm == "none";
        bool isFromClient = Jwt.GetText(request.Claims, "iss") == client.ClientId || (mayOmit && !request.Claims.RootElement.TryGetProperty("iss", out _));
        bool isForUs = request.IsFor(identity.PublicUrl) || (mayOmit && !request.Claims.RootElement.TryGetProperty("aud", out _));
        if (!isFromClient || !isForUs)
        {
            throw Fault("it is not from this client to this server");
        }

        if (!request.IsOfNow(time.GetUtcNow().ToUnixTimeSeconds(), OAuthTimes.RequestObject))
        {
            throw Fault("it is not of now");
        }

        return Jwt.GetText(request.Claims, "jti") is { Length: > 0 } id ? id : throw Fault("it must have a jti");
    }
}
