using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Knows what accounts have to be asked, and what they said before.</summary>
internal sealed class ConsentCheck(IConsentStore consents, PermissionSets sets)
{
    /// <summary>Whether an account has to be asked: it never said yes to so much.</summary>
    public async ValueTask<bool> IsNeededAsync(AuthorizationRequest request, Did did, CancellationToken cancellationToken)
    {
        if (request.Parameters.Prompt is "consent" or "create" || ClientId.IsLoopback(request.ClientId))
        {
            return true;
        }

        return await consents.FindAsync(did, request.ClientId, cancellationToken) is not { } granted
            || ScopeSet.Split(request.Parameters.Scope)!.Except(ScopeSet.Split(granted) ?? []).Any();
    }

    /// <summary>The page on which an account is asked.</summary>
    /// <exception cref="Domain.Errors.XrpcException">invalid_scope: a permission set cannot be had any more.</exception>
    public async ValueTask<AuthorizationStep.Consent> AskAsync(AuthorizationRequest request, AuthorizationContext context, Account account, CancellationToken cancellationToken)
    {
        var scopes = ScopeSet.Parse(request.Parameters.Scope);
        var choice = new AccountChoice(account.Did, account.ShownHandle.ToString(), NeedsPassword: false);
        return new AuthorizationStep.Consent(context, choice, scopes, await sets.FindAsync(scopes, cancellationToken));
    }
}
