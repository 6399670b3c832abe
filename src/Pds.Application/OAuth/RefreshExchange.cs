using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Goes on with sessions: a refresh token for the next tokens (spec 07 §6.2). Whatever is wrong with a token that is known ends its session; losing against another exchange of it at the same time does not.</summary>
internal sealed class RefreshExchange(IOAuthSessionStore sessions, IAccountStore accounts, PermissionSets sets, TokenAnswers answers, TimeProvider time)
{
    public async Task<ExchangeTokenOutput> ExchangeAsync(OAuthCall call, TokenCaller caller, CancellationToken cancellationToken)
    {
        string token = call.Require("refresh_token");
        string hash = OAuthSecrets.Hash(token);
        OAuthSession session = (OAuthSecrets.IsRefreshToken(token) ? await sessions.FindBySecretAsync(hash, cancellationToken) : null) ?? throw Fault("Invalid refresh token");

        DateTimeOffset now = time.GetUtcNow();
        string? fault = await FaultOfAsync(session, hash, caller, now, cancellationToken);
        string refresh = OAuthSecrets.NewRefreshToken();
        OAuthSession renewed = session with
        {
            TokenId = OAuthSecrets.NewTokenId(),
            Client = caller.Binding,
            RefreshHash = OAuthSecrets.Hash(refresh),
            Permissions = fault is null ? await ReopenAsync(session, cancellationToken) : session.Permissions,
            UpdatedAt = now,
            ExpiresAt = TokenAnswers.EndOf(session.CreatedAt, now, caller.IsTrustworthy),
        };
        if (fault is not null)
        {
            await sessions.RemoveAsync(session.Id, cancellationToken);
            throw Fault(fault);
        }

        // The token was the current one a moment ago: of two exchanges at the same time, the winner's session lives.
        return await sessions.RotateAsync(renewed, hash, cancellationToken) ? answers.Describe(renewed, refresh) : throw Fault("The refresh token is being exchanged by another request");
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidGrant, message);

    /// <summary>Sets change; while one cannot be had, what it held before counts on.</summary>
    private async ValueTask<string?> ReopenAsync(OAuthSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await sets.ExpandAsync(session.Scope, cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error == OAuthErrors.InvalidScope)
        {
            return session.Permissions;
        }
    }

    private async ValueTask<string?> FaultOfAsync(OAuthSession session, string hash, TokenCaller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (session.RefreshHash != hash)
        {
            return "Refresh token replayed";
        }

        if (session.ClientId != caller.Client.ClientId || !session.Client.IsContinuedBy(caller.Binding))
        {
            return "The refresh token was given to another client";
        }

        if (session.DpopKey != caller.DpopKey)
        {
            return "The DPoP key is not the one of the session";
        }

        if (session.ExpiresAt <= now || session.CreatedAt + OAuthTimes.Session(caller.IsTrustworthy) <= now)
        {
            return "The session is over";
        }

        return await accounts.FindAsync(new AtIdentifier(session.Did), cancellationToken) is { TakedownRef: null } ? null : "The account is not here any more";
    }
}
