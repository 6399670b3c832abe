using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>The tree nodes among blocks whose hashes are checked already.</summary>
/// <param name="blocks">Blocks of any kind.</param>
internal sealed class BlockNodes(IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) : IMstNodeSource
{
    /// <inheritdoc/>
    public MstNode Load(Cid cid) =>
        blocks.TryGetValue(cid, out ReadOnlyMemory<byte> bytes) ? MstNode.Decode(cid, bytes, rev: default) : throw new MissingBlockException(cid);
}
