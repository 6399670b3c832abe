using MediatR;
using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.Pipeline;

/// <summary>Holds <see cref="IAuthorizedRequest.Required"/> against the caller, and against the account where the permission asks for its status.</summary>
internal sealed class AuthorizationBehavior<TRequest, TOutput>(IAccountStore accounts, ISessionStore sessions, TimeProvider time)
    : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IPdsRequest, IAuthorizedRequest
{
    public async Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        Permission required = request.Required;
        if (required.OperatorOnly)
        {
            RequireOperator(request.Caller);
            return await next(cancellationToken);
        }

        Did did = RequireAccount(request.Caller, required);
        if (required.RefuseTakendown || required.RefuseDeactivated)
        {
            await RequireStatusAsync(did, required, cancellationToken);
        }

        if (request.Caller is Caller.OAuth client)
        {
            RequireGrants(client.Scopes, required);
        }

        if (required.LiveSession && request.Caller is Caller.Session { Id: { } id })
        {
            await RequireLiveAsync(did, id, cancellationToken);
        }

        return await next(cancellationToken);
    }

    private static void RequireOperator(Caller caller)
    {
        if (caller is not Caller.Admin)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, AuthErrors.CredentialsRequired);
        }
    }

    private static Did RequireAccount(Caller caller, Permission required)
    {
        switch (caller)
        {
            case Caller.Session session:
                RequireScope(session.Scope, required);
                return session.Did;
            case Caller.OAuth client:
                return client.Did;
            case Caller.Service service when required.AllowServiceToken:
                return service.Issuer;
            case Caller.Service:
                throw new XrpcException(AuthErrors.InvalidToken, "Token could not be verified");
            case Caller.Anonymous:
                throw new XrpcException(AuthErrors.AuthMissing, AuthErrors.CredentialsRequired);
            default:
                throw new XrpcException(AuthErrors.InvalidToken, "Unexpected authorization type");
        }
    }

    private static void RequireGrants(ScopeSet scopes, Permission required)
    {
        foreach (ScopeDemand demand in required.Scoped ?? throw new XrpcException(AuthErrors.Forbidden, required.ScopedRefusal))
        {
            scopes.Require(demand);
        }
    }

    private static void RequireScope(SessionScope scope, Permission required)
    {
        bool allowed = scope switch
        {
            SessionScope.Access => true,
            SessionScope.AppPassPrivileged or SessionScope.AppPass => !required.FullSession,
            SessionScope.Takendown => required.AllowTakendownSession,
            SessionScope.SignupQueued => required.AllowQueuedSession,
            _ => false,
        };
        if (!allowed)
        {
            throw new XrpcException(AuthErrors.InvalidToken, "Bad token scope");
        }
    }

    private async ValueTask RequireStatusAsync(Did did, Permission required, CancellationToken cancellationToken)
    {
        Account account = await accounts.FindAsync(new AtIdentifier(did), cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
        if (required.RefuseTakendown && account.TakedownRef is not null)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account has been taken down");
        }

        if (required.RefuseDeactivated && account.DeactivatedAt is not null)
        {
            throw new XrpcException(AuthErrors.AccountDeactivated, "Account is deactivated");
        }
    }

    /// <summary>
    /// A refresh token that was used stays for longer than the access token it came with, so an unknown id means that the session was ended. Clients refresh on
    /// this name, which also brings those on whose token names no session.
    /// </summary>
    private async ValueTask RequireLiveAsync(Did did, string id, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!(await sessions.ListAsync(did, cancellationToken)).Any(token => token.Id == id && token.ExpiresAt > now))
        {
            throw new XrpcException(AuthErrors.ExpiredToken, "Token has been revoked");
        }
    }
}
