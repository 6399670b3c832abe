using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Repositories;

/// <summary>Who may write where.</summary>
internal static class RepositoryAccess
{
    /// <summary>The DID behind the <c>repo</c> of a write, which must be the caller's own.</summary>
    /// <exception cref="XrpcException">AccountNotFound for a repository that is not here, AuthenticationRequired for somebody else's.</exception>
    public static async ValueTask<Did> RequireOwnAsync(
        this IAccountStore accounts,
        AtIdentifier repo,
        Caller caller,
        CancellationToken cancellationToken)
    {
        if (repo.TryGetDid(out Did named) && named == caller.Account)
        {
            return named;    // the pipeline has looked at the caller's account already
        }

        Account account = await accounts.FindAsync(repo, cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
        return account.Did == caller.Account
            ? account.Did
            : throw new XrpcException(AuthErrors.AuthenticationRequired, "The repository belongs to another account");
    }
}
