using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Sends a browser back to a client that did not push its request: only pushed ones are taken (spec 07 §5).</summary>
/// <param name="Parameters">The query, every name once.</param>
public sealed record RefusePlainAuthorizationQuery(OAuthCall Parameters) : IQuery<AuthorizationAnswer>, IAnonymousRequest;

internal sealed class RefusePlainAuthorizationHandler(IClientMetadataSource metadata, ServerIdentity identity)
    : IRequestHandler<RefusePlainAuthorizationQuery, AuthorizationAnswer>
{
    public async Task<AuthorizationAnswer> Handle(RefusePlainAuthorizationQuery query, CancellationToken cancellationToken)
    {
        OAuthCall call = query.Parameters;
        if (call.Find("client_id") is not { } clientId || call.Find("request_uri") is not null)
        {
            throw Refusal();
        }

        ClientMetadata client = await metadata.GetAsync(clientId, allowStale: false, cancellationToken);
        string redirect = call.Find("redirect_uri") ?? (client.RedirectUris is [string only] ? only : throw Refusal());
        if (!client.RedirectUris.Any(registered => RedirectUri.IsMatch(redirect, registered)))
        {
            throw Refusal(); // nobody is sent where the client does not say
        }

        List<KeyValuePair<string, string>> answer = [new("iss", identity.PublicUrl)];
        if (call.Find("state") is { } state)
        {
            answer.Add(new("state", state));
        }

        string mode = call.Find("response_mode") is "fragment" ? "fragment" : "query";
        return new AuthorizationAnswer(redirect, mode, [.. answer, new("error", OAuthErrors.InvalidRequest.Name), new("error_description", "Requests must be pushed first")]);
    }

    private static XrpcException Refusal() =>
        new(OAuthErrors.InvalidRequest, "The application must push its request first, and send you here with client_id and request_uri.");
}
