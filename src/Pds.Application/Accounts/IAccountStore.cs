using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace Pds.Application.Accounts;

/// <summary>Keeps accounts. What announces a change is kept in the same transaction as the change.</summary>
public interface IAccountStore
{
    /// <summary>The account of a DID or handle, whatever its status, or <see langword="null"/>.</summary>
    ValueTask<Account?> FindAsync(AtIdentifier identifier, CancellationToken cancellationToken);

    /// <summary>The account with an e-mail address, compared without regard to case, or <see langword="null"/>.</summary>
    ValueTask<Account?> FindByEmailAsync(string email, CancellationToken cancellationToken);

    /// <summary>Keeps a new account with its first commit, its signing key and its first refresh token, and announces it with the given events, all or nothing.</summary>
    /// <exception cref="Domain.Errors.XrpcException">HandleNotAvailable, InvalidRequest (e-mail in use), AlreadyExists.</exception>
    Task CreateAsync(NewAccount account, CancellationToken cancellationToken);

    /// <summary>A page of all accounts in order of creation.</summary>
    ValueTask<IReadOnlyList<HostedRepo>> ListAsync(int limit, (DateTimeOffset CreatedAt, Did Did)? after, CancellationToken cancellationToken);
}

/// <summary>What <see cref="IAccountStore.CreateAsync"/> keeps.</summary>
/// <param name="Account">The account.</param>
/// <param name="SigningKey">The private scalar of the repository's signing key, 32 bytes; kept encrypted.</param>
/// <param name="SigningCurve">Its curve.</param>
/// <param name="Genesis">The first commit.</param>
/// <param name="RefreshToken">The refresh token that the answer carries; <see langword="null"/> for none.</param>
/// <param name="Events">Announcements, in order; empty for accounts that move in.</param>
public sealed record NewAccount(
    Account Account,
    ReadOnlyMemory<byte> SigningKey,
    Domain.Crypto.KeyCurve SigningCurve,
    RepositoryChange Genesis,
    RefreshToken? RefreshToken,
    IReadOnlyList<RepoEvent> Events);

/// <summary>One line of <c>listRepos</c>.</summary>
/// <param name="Account">The account.</param>
/// <param name="Head">CID of its head commit.</param>
/// <param name="Rev">Revision of that commit.</param>
public sealed record HostedRepo(Account Account, Domain.DataModel.Cid Head, Tid Rev);

/// <summary>A refresh token as kept.</summary>
/// <param name="Id">Claim <c>jti</c>.</param>
/// <param name="Did">Whose.</param>
/// <param name="ExpiresAt">When it stops working.</param>
/// <param name="NextId">Id of its successor once it was used.</param>
/// <param name="AppPasswordName">The app password it came from; <see langword="null"/> for the account password.</param>
public sealed record RefreshToken(string Id, Did Did, DateTimeOffset ExpiresAt, string? NextId, string? AppPasswordName);
