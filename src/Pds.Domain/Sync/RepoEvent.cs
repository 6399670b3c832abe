using Pds.Domain.Accounts;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Domain.Sync;

/// <summary>Something the firehose tells about one account.</summary>
/// <param name="Did">The account's DID.</param>
public abstract record RepoEvent(Did Did);

/// <summary>A commit was made: <c>#commit</c>. Every commit of an active account has one, in the order of their revisions.</summary>
/// <param name="Claim">What the event says; a consumer checks it by <see cref="CommitVerification"/>.</param>
public sealed record CommitEvent(CommitClaim Claim) : RepoEvent(Claim.Did)
{
    /// <summary>The event of a commit of our own.</summary>
    /// <param name="change">The commit and what it did.</param>
    public CommitEvent(RepositoryChange change)
        : this(CommitClaim.Of(change))
    {
    }
}

/// <summary>The repository is now at exactly this commit, whatever consumers believed before: <c>#sync</c>.</summary>
/// <param name="Commit">The current head.</param>
public sealed record SyncEvent(Commit Commit) : RepoEvent(Commit.Did);

/// <summary>Handle or DID document may have changed; consumers look them up again: <c>#identity</c>.</summary>
/// <param name="Did">The account's DID.</param>
/// <param name="Handle">The handle, for information; <see langword="null"/> to say nothing about it.</param>
public sealed record IdentityEvent(Did Did, Handle? Handle) : RepoEvent(Did);

/// <summary>The hosting status may have changed: <c>#account</c>.</summary>
/// <param name="Did">The account's DID.</param>
/// <param name="IsActive">Whether the account's data is served; consumers decide on this alone.</param>
/// <param name="Status">
/// Why it is not, or what else there is to say: a name of <see cref="AccountStatusNames"/>, <c>desynchronized</c>, <c>throttled</c>, or one of the future.
/// </param>
public sealed record AccountEvent(Did Did, bool IsActive, string? Status) : RepoEvent(Did)
{
    /// <summary>The event of an account of our own.</summary>
    /// <param name="did">The account's DID.</param>
    /// <param name="status">Why the account is not active; <see langword="null"/> when it is.</param>
    public AccountEvent(Did did, AccountStatus? status)
        : this(did, status is null, status?.ToName())
    {
    }
}
