using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Lookups that refuse instead of answering <see langword="null"/>.</summary>
public static class AccountStoreRequirements
{
    /// <summary>The caller's own account, whatever its status.</summary>
    /// <exception cref="XrpcException">AuthMissing; AccountNotFound when the account of a valid session is gone.</exception>
    public static async ValueTask<Account> RequireOwnAsync(this IAccountStore accounts, Caller caller, CancellationToken cancellationToken)
    {
        Did did = caller.Account ?? throw new XrpcException(AuthErrors.AuthMissing, "Authentication is required.");
        return await accounts.FindAsync(new AtIdentifier(did), cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
    }

    /// <summary>The account a record is written to: it must be here, be the caller's, and be active.</summary>
    /// <exception cref="XrpcException">AccountNotFound, AuthenticationRequired (somebody else's), AccountTakedown, AccountDeactivated.</exception>
    public static async ValueTask<Account> RequireWritableAsync(
        this IAccountStore accounts, AtIdentifier repo, Caller caller, CancellationToken cancellationToken)
    {
        Account account = await accounts.FindAsync(repo, cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, $"Could not find repo: {repo}");
        if (account.Did != caller.Account)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "A record can be written by the owner of the repository only.");
        }

        if (account.TakedownRef is not null)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account has been taken down");
        }

        return account.DeactivatedAt is null ? account : throw new XrpcException(AuthErrors.AccountDeactivated, "Account is deactivated");
    }
}
