using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>The commit a write became part of. Lexicon: <c>com.atproto.repo.defs#commitMeta</c>.</summary>
/// <param name="Cid">CID of the commit.</param>
/// <param name="Rev">Its revision.</param>
public sealed record CommitMeta(Cid Cid, Tid Rev)
{
    internal static CommitMeta Of(RepositoryChange change) => new(change.Commit.Cid, change.Commit.Rev);
}
