using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Pipeline;

/// <summary>Tells session tokens from service tokens by what the method opens to and what the token names, and judges them.</summary>
internal sealed class CallerAuthenticator(SessionTokens sessions, ServiceAuthTokens services, ModerationSettings options) : ICallerAuthenticator
{
    public async ValueTask<Caller> AuthenticateAsync(AuthorizationHeader header, CalledMethod method, CancellationToken cancellationToken)
    {
        bool mayBeSession = method.Opens.HasFlag(CallerKinds.Account);
        bool isService = !mayBeSession || ServiceAuthTokens.NamesMethod(header.Credentials);
        if (isService && method.Opens.HasFlag(CallerKinds.Moderator))
        {
            return await AuthenticateModeratorAsync(header.Credentials, method, mayBeSession, cancellationToken);
        }

        if (isService && method.Opens.HasFlag(CallerKinds.Service))
        {
            return await services.VerifyAsync(header.Credentials, Nsid.Parse(method.Nsid), isTrusted: null, method.Changes, cancellationToken);
        }

        return mayBeSession ? sessions.VerifyAccess(header.Credentials) : throw new XrpcException(AuthErrors.AuthenticationRequired, AuthErrors.CredentialsRequired);
    }

    /// <summary>The token names this one method, so its bearer is the operator for this one call.</summary>
    private async ValueTask<Caller> AuthenticateModeratorAsync(string token, CalledMethod method, bool mayBeSession, CancellationToken cancellationToken)
    {
        try
        {
            Caller.Service moderator = await services.VerifyAsync(token, Nsid.Parse(method.Nsid), IsModerator, method.Changes, cancellationToken);
            return new Caller.Admin(moderator.Issuer.ToString());
        }
        catch (XrpcException refusal) when (mayBeSession && refusal.Error.Kind is XrpcErrorKind.Unauthenticated)
        {
            // To a method of accounts it is a bad session token, as the reference answers.
            throw new XrpcException(AuthErrors.InvalidToken, "Token could not be verified");
        }
    }

    private bool IsModerator(string issuer) =>
        options.ModeratorDid is { Length: > 0 } did && (issuer == did || issuer == $"{did}#atproto_labeler");
}
