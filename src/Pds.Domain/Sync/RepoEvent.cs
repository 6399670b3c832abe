using Pds.Domain.Accounts;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
namespace Pds.Domain.Sync;
public abstract record RepoEvent(Did Did);
public sealed record CommitEvent(RepositoryChange Change) : RepoEvent(Change.Did);
/// Commit: block of the current head
public sealed record SyncEvent(Commit Commit) : RepoEvent(Commit.Did);
public sealed record IdentityEvent(Did Did, Handle? Handle) : RepoEvent(Did);
/// Status null = active
public sealed record AccountEvent(Did Did, AccountStatus? Status) : RepoEvent(Did);
