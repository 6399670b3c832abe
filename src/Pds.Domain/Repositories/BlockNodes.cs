using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>The tree nodes among blocks whose hashes are checked already.</summary>
/// <param name="find">Gives a block of any kind.</param>
internal sealed class BlockNodes(Func<Cid, ReadOnlyMemory<byte>?> find) : IMstNodeSource
{
    /// <summary>Nodes among blocks in memory.</summary>
    /// <param name="blocks">Blocks of any kind.</param>
    public BlockNodes(IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks)
        : this(cid => blocks.TryGetValue(cid, out ReadOnlyMemory<byte> block) ? block : (ReadOnlyMemory<byte>?)null)
    {
    }

    /// <inheritdoc/>
    public MstNode Load(Cid cid) =>
        find(cid) is { } bytes ? MstNode.Decode(cid, bytes, rev: default) : throw new MissingBlockException(cid);
}
