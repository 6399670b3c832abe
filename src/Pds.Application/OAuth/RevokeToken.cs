using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Ends the session of a token (RFC 7009, spec 07 §7). A token that is not known is as good as ended.</summary>
/// <param name="Call">The request.</param>
public sealed record RevokeTokenCommand(OAuthCall Call) : ICommand<Unit>, IAnonymousRequest;

internal sealed class RevokeTokenHandler(
    DpopProofs proofs, OAuthClients clients, OAuthTokens tokens, IOAuthSessionStore sessions, IAuthorizationRequestStore requests)
    : IRequestHandler<RevokeTokenCommand, Unit>
{
    public async Task<Unit> Handle(RevokeTokenCommand command, CancellationToken cancellationToken)
    {
        OAuthCall call = command.Call;
        string token = call.Require("token");
        string? dpopKey = proofs.Verify(call.Proof, accessToken: null);
        (ClientMetadata client, ClientBinding binding) = await clients.AuthenticateAsync(call, dpopKey, allowStale: true, cancellationToken);

        OAuthSession? session = await FindAsync(token, cancellationToken);
        if (session is not null && session.ClientId == client.ClientId && session.Client.IsContinuedBy(binding) && (dpopKey ?? session.DpopKey) == session.DpopKey)
        {
            await sessions.RemoveAsync(session.Id, cancellationToken);
        }
        else if (session is null && OAuthSecrets.IsCode(token))
        {
            await EndCodeAsync(token, client, cancellationToken);
        }

        return Unit.Value;
    }

    private async ValueTask<OAuthSession?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (OAuthSecrets.IsRefreshToken(token) || OAuthSecrets.IsCode(token))
        {
            return await sessions.FindBySecretAsync(OAuthSecrets.Hash(token), cancellationToken);
        }

        string? id = token.StartsWith(OAuthSecrets.TokenPrefix, StringComparison.Ordinal) ? token : tokens.TryRead(token)?.TokenId;
        return id is null ? null : await sessions.FindByTokenAsync(id, cancellationToken);
    }

    /// <summary>A code that was not exchanged yet. One of another client's is spent as well: it is out.</summary>
    private async Task EndCodeAsync(string code, ClientMetadata client, CancellationToken cancellationToken)
    {
        AuthorizationRequest? request = await requests.TakeAsync(OAuthSecrets.Hash(code), cancellationToken);
        if (request is not null && request.ClientId != client.ClientId)
        {
            throw new XrpcException(OAuthErrors.InvalidClient, "The code was given to another client");
        }
    }
}
