using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories;

/// <summary>A block that a tree refers to is not where it was looked for.</summary>
/// <param name="cid">The CID of the missing block.</param>
public sealed class MissingBlockException(Cid cid) : Exception($"The block {cid} is missing.")
{
    /// <summary>The CID of the missing block.</summary>
    public Cid Cid => cid;
}
