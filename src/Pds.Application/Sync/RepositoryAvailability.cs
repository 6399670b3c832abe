using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Sync;

/// <summary>Whose public data is served, and to whom besides: one rule for every method that reads a repository or its blobs.</summary>
internal static class RepositoryAvailability
{
    /// <summary>The account, when the caller may read its data.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="repo">Whose data.</param>
    /// <param name="caller">Who asks: the operator and the account itself read inactive repositories, too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="allowTakendownSession">Whether a taken-down account may read its own data to leave with it.</param>
    /// <exception cref="XrpcException">RepoNotFound, RepoTakendown, RepoDeactivated, InvalidToken.</exception>
    public static async ValueTask<Account> RequireReadableAsync(
        this IAccountStore accounts,
        AtIdentifier repo,
        Caller caller,
        CancellationToken cancellationToken,
        bool allowTakendownSession = false)
    {
        RequireReader(caller, allowTakendownSession);
        Account account = await accounts.FindAsync(repo, cancellationToken) ?? throw NotFound(repo);
        if (account.Status is not { } status || caller is Caller.Admin || caller.Account == account.Did)
        {
            return account;
        }

        throw status == AccountStatus.Deactivated
            ? new XrpcException(RepositoryErrors.RepoDeactivated, $"Repo has been deactivated: {account.Did}")
            : new XrpcException(RepositoryErrors.RepoTakendown, $"Repo has been takendown: {account.Did}");
    }

    /// <summary>The refusal for a repository that is not here.</summary>
    public static XrpcException NotFound(AtIdentifier repo) => new(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {repo}");

    /// <inheritdoc cref="NotFound(AtIdentifier)"/>
    public static XrpcException NotFound(Did did) => NotFound(new AtIdentifier(did));

    /// <summary>Credentials are optional here, but wrong ones are an error and never taken for none.</summary>
    private static void RequireReader(Caller caller, bool allowTakendownSession)
    {
        bool fits = caller switch
        {
            Caller.Session { Scope: SessionScope.Takendown } => allowTakendownSession,
            Caller.Session { Scope: SessionScope.SignupQueued } => false,
            Caller.Service => false,
            _ => true,
        };
        if (!fits)
        {
            throw new XrpcException(AuthErrors.InvalidToken, "Bad token scope");
        }
    }
}
