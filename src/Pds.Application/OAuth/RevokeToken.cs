using MediatR;
using Microsoft.Extensions.Logging;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Ends the session of a token (RFC 7009, spec 07 §7). A token that is not known is as good as ended.</summary>
/// <param name="Call">The request.</param>
public sealed record RevokeTokenCommand(OAuthCall Call) : ICommand<Unit>, IAnonymousRequest;

internal sealed class RevokeTokenHandler(
    DpopProofs proofs, OAuthClients clients, OAuthTokens tokens, IOAuthSessionStore sessions, IAuthorizationRequestStore requests, ILogger<RevokeTokenHandler> logger)
    : IRequestHandler<RevokeTokenCommand, Unit>
{
    public async Task<Unit> Handle(RevokeTokenCommand command, CancellationToken cancellationToken)
    {
        OAuthCall call = command.Call;
        string token = call.Require("token");
        _ = OAuthClients.ReadId(call);
        string? dpopKey = await proofs.VerifyAsync(call.Proof, accessToken: null, cancellationToken);
        try
        {
            await EndAsync(call, token, dpopKey, cancellationToken);
        }
        catch (XrpcException refusal)
        {
            // A client cannot do anything about it, so it is not told (RFC 7009 §2.2).
            Log.NothingRevoked(logger, refusal.Error.Name);
        }

        return Unit.Value;
    }

    private async Task EndAsync(OAuthCall call, string token, string? dpopKey, CancellationToken cancellationToken)
    {
        (ClientMetadata client, ClientBinding binding) = await clients.AuthenticateAsync(call, dpopKey, allowStale: true, cancellationToken);
        OAuthSession? session = await FindAsync(token, cancellationToken);
        if (session is not null && session.ClientId == client.ClientId && session.Client.IsContinuedBy(binding) && (dpopKey ?? session.DpopKey) == session.DpopKey)
        {
            await sessions.RemoveAsync(session.Id, cancellationToken);
        }
        else if (session is null && OAuthSecrets.IsCode(token))
        {
            // Whose it is matters no more: it is out.
            await requests.TakeAsync(OAuthSecrets.Hash(token), cancellationToken);
        }
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
}
