using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
namespace Pds.Domain.Repositories.Mst;
/// immutable node; bytes and CID known once sealed
public sealed class MstNode
{
    /// parses strictly (spec 02 §2.2: sorted, longest prefixes, legal keys)
    public static MstNode Decode(Cid cid, ReadOnlyMemory<byte> bytes, Tid rev) => throw new NotImplementedException();
    public Cid Cid => throw new NotImplementedException();
    public ReadOnlyMemory<byte> Bytes => throw new NotImplementedException();
    /// revision of the commit that made the node; default for nodes of foreign trees
    public Tid Rev => throw new NotImplementedException();
    /// whether the node is known to lie in the store: true after Decode, set by MarkStored
    public bool IsStored => throw new NotImplementedException();
    public void MarkStored() => throw new NotImplementedException();
}
