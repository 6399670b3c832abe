using Pds.Domain.Accounts;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Domain.Sync;

/// <summary>Something the firehose tells about one account.</summary>
/// <param name="Did">Whose.</param>
public abstract record RepoEvent(Did Did);

/// <summary>A commit was made: <c>#commit</c>. Every commit of an active account has one, in the order of their revisions.</summary>
/// <param name="Change">The commit and what it did.</param>
public sealed record CommitEvent(RepositoryChange Change) : RepoEvent(Change.Did);

/// <summary>The repository is now at exactly this commit, whatever consumers believed before: <c>#sync</c>.</summary>
/// <param name="Commit">The current head.</param>
public sealed record SyncEvent(Commit Commit) : RepoEvent(Commit.Did);

/// <summary>Handle or DID document may have changed; consumers look them up again: <c>#identity</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Handle">The handle, for information; <see langword="null"/> to say nothing about it.</param>
public sealed record IdentityEvent(Did Did, Handle? Handle) : RepoEvent(Did);

/// <summary>The hosting status may have changed: <c>#account</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Status">Why the account is not active; <see langword="null"/> when it is.</param>
public sealed record AccountEvent(Did Did, AccountStatus? Status) : RepoEvent(Did);
