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
        Did did = caller.Account ?? throw new XrpcException(AuthErrors.AuthMissing, AuthErrors.CredentialsRequired);
        return await accounts.FindAsync(new AtIdentifier(did), cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
    }

    /// <summary>Changes an account without a row in the audit trail, see <see cref="IAccountStore.UpdateAsync"/>.</summary>
    public static Task<Account?> UpdateAsync(this IAccountStore accounts, Did did, Func<Account, AccountChange> change, CancellationToken cancellationToken) =>
        accounts.UpdateAsync(did, change, audit: null, cancellationToken);

    /// <summary>Removes an account without a row in the audit trail, see <see cref="IAccountStore.DeleteAsync"/>.</summary>
    public static Task<bool> DeleteAsync(this IAccountStore accounts, Did did, Func<Account, EmailToken?> judge, CancellationToken cancellationToken) =>
        accounts.DeleteAsync(did, judge, audit: null, cancellationToken);
}
