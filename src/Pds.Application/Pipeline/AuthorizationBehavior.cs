using MediatR;
using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.Pipeline;

/// <summary>Holds <see cref="IAuthorizedRequest.Required"/> against the caller, and against the account where the permission asks for its status.</summary>
internal sealed class AuthorizationBehavior<TRequest, TOutput>(IAccountStore accounts) : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IPdsRequest, IAuthorizedRequest
{
    public async Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        Permission required = request.Required;
        if (required.OperatorOnly)
        {
            RequireOperator(request.Caller);
            return await next();
        }

        Did did = RequireAccount(request.Caller, required);
        if (required.RefuseTakendown || required.RefuseDeactivated)
        {
            await RequireStatusAsync(did, required, cancellationToken);
        }

        return await next();
    }

    private static void RequireOperator(Caller caller)
    {
        if (caller is not Caller.Admin)
        {
            throw caller is Caller.Anonymous
                ? new XrpcException(AuthErrors.AuthMissing, "The admin password is required.")
                : new XrpcException(AuthErrors.AuthenticationRequired, "The admin password is required.");
        }
    }

    private static Did RequireAccount(Caller caller, Permission required)
    {
        if (caller is Caller.Service service && required.AllowServiceToken)
        {
            return service.Issuer;
        }

        if (caller is Caller.OAuth client)
        {
            RequireGrants(client.Scopes, required);
            return client.Did;
        }

        Caller.Session session = RequireSession(caller);
        RequireScope(session.Scope, required);
        return session.Did;
    }

    private static void RequireGrants(ScopeSet scopes, Permission required)
    {
        foreach (ScopeDemand demand in required.Scoped ?? throw new XrpcException(AuthErrors.Forbidden, "OAuth credentials are not supported for this endpoint"))
        {
            scopes.Require(demand);
        }
    }

    private static Caller.Session RequireSession(Caller caller) => caller switch
    {
        Caller.Session session => session,
        Caller.Anonymous => throw new XrpcException(AuthErrors.AuthMissing, "Authentication is required."),
        _ => throw new XrpcException(AuthErrors.InvalidToken, "The method needs the session of an account."),
    };

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
}
