using Pds.Application.Moderation;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
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
    /// <exception cref="Domain.Errors.XrpcException">HandleNotAvailable, InvalidRequest (e-mail in use), AlreadyExists, InvalidInviteCode.</exception>
    Task CreateAsync(NewAccount account, CancellationToken cancellationToken);

    /// <summary>Changes an account and announces the change, all or nothing. Changes of one account run one after the other.</summary>
    /// <param name="did">Which account.</param>
    /// <param name="change">Makes the change from the account as it is; may be called again. What it throws reaches the caller.</param>
    /// <param name="audit">The row of the audit trail that is kept with the change, if that changes anything; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up before the change is handed over.</param>
    /// <returns>The account as kept, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="Domain.Errors.XrpcException">
    /// HandleNotAvailable, InvalidRequest (e-mail in use), InvalidToken (the e-mailed token is not there any more), AuthenticationRequired (the proof does not hold any more).
    /// </exception>
    /// <exception cref="Repositories.ConcurrentWriteException">The repository is not at the commit that the change builds on or announces.</exception>
    Task<Account?> UpdateAsync(Did did, Func<Account, AccountChange> change, AuditNote? audit, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an account and everything kept for it but the uses of invite codes, announces the deletion and takes the account's earlier events out of the log.
    /// </summary>
    /// <param name="did">Which account.</param>
    /// <param name="judge">Judges the account as it is, and gives the e-mailed token that must be there and is used up; <see langword="null"/> for none. What it throws reaches the caller.</param>
    /// <param name="audit">The row of the audit trail that is kept with the deletion; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up before the deletion is handed over.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="Domain.Errors.XrpcException">InvalidToken when the e-mailed token is not there any more.</exception>
    Task<bool> DeleteAsync(Did did, Func<Account, EmailToken?> judge, AuditNote? audit, CancellationToken cancellationToken);

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
    KeyCurve SigningCurve,
    RepositoryChange Genesis,
    RefreshToken? RefreshToken,
    IReadOnlyList<RepoEvent> Events)
{
    /// <summary>The invite code that the account uses up; <see langword="null"/> for none.</summary>
    public string? InviteCode { get; init; }

    /// <summary>The row of the audit trail that is kept with the account; <see langword="null"/> for none.</summary>
    public AuditNote? Audit { get; init; }

    /// <summary>The <c>did:key</c> of its signing key where that was reserved, which ends the reservation; <see langword="null"/> for a new key.</summary>
    public string? ReservedKey { get; init; }
}

/// <summary>What <see cref="IAccountStore.UpdateAsync"/> keeps.</summary>
/// <param name="Account">The account as it shall be; DID and creation time stay.</param>
/// <param name="Events">Announcements, in order.</param>
public sealed record AccountChange(Account Account, IReadOnlyList<RepoEvent> Events)
{
    /// <summary>What the caller was judged by, where the change is made only while that holds; <see langword="null"/> for nothing.</summary>
    public SignInProof? Proof { get; init; }

    /// <summary>A commit of the repository that is kept without an event of its own; <see langword="null"/> for none.</summary>
    public RepositoryChange? Commit { get; init; }

    /// <summary>Whether all refresh tokens of the account end with it, and the trust in browsers.</summary>
    public bool EndSessions { get; init; }

    /// <summary>The browser that stays signed in when sessions end, and when the password was given there; <see langword="null"/> for none.</summary>
    public (string DeviceId, DateTimeOffset SignedInAt)? KeptBrowser { get; init; }

    /// <summary>Whether all OAuth sessions of the account end with it, the codes that are under way, what it granted to clients, and its app passwords with their sessions.</summary>
    public bool EndApplications { get; init; }

    /// <summary>Whether the authenticator app, the recovery codes, all passkeys and the trust in browsers end with it.</summary>
    public bool EndFactors { get; init; }

    /// <summary>The e-mailed token that must be there and is used up by the change; <see langword="null"/> for none.</summary>
    public EmailToken? Consumes { get; init; }

    /// <summary>Whether all e-mailed tokens of the account end with it, whatever their purpose.</summary>
    public bool EndEmailTokens { get; init; }

    /// <summary>The account as it is kept: in the next sign-in epoch where the change concerns what signs in, or whether anything does.</summary>
    /// <param name="before">The account as it is.</param>
    public Account AppliedTo(Account before) => Account with
    {
        SignInEpoch = before.SignInEpoch + (EndSessions || EndApplications || EndFactors || ConcernsSignIn(before, Account) ? 1 : 0),
    };

    /// <summary>To activate an account takes nothing away from whoever signed in to do it.</summary>
    private static bool ConcernsSignIn(Account before, Account after) =>
        before.PasswordHash != after.PasswordHash
        || before.Email != after.Email
        || before.NeedsSignInToken != after.NeedsSignInToken
        || before.TakedownRef != after.TakedownRef
        || (before.DeactivatedAt is null && after.DeactivatedAt is not null);
}

/// <summary>One line of <c>listRepos</c>.</summary>
/// <param name="Account">The account.</param>
/// <param name="Head">CID of its head commit.</param>
/// <param name="Rev">Revision of that commit.</param>
public sealed record HostedRepo(Account Account, Cid Head, Tid Rev);
