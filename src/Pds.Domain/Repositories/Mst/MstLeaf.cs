using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

/// <summary>One key of a node with the record it stands for. The key's bytes are shared between versions of a node and never written to.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">The CID of the record.</param>
internal readonly record struct MstLeaf(byte[] Key, Cid Value)
{
    /// <summary>The leaf with its key as text.</summary>
    public MstEntry ToEntry() => new(MstKey.Decode(Key), Value);
}
