using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
namespace Pds.Domain.Repositories.Mst;
public readonly record struct MstEntry(string Path, Cid Value);
/// Immutable (persistent) Merkle Search Tree. Every operation returns a new tree that shares untouched nodes. Nodes are loaded lazily from the source.
/// Reading from several threads is safe. Insert/Update/Remove leave the tree unsealed; Seal(rev) computes bytes and CIDs of the new nodes once.
public sealed class MstTree
{
    public static MstTree Empty => throw new NotImplementedException();
    public static MstTree Load(Cid root, IMstNodeSource source) => throw new NotImplementedException();
    /// canonical tree from entries in ascending path order, sealed with rev
    public static MstTree Build(IEnumerable<MstEntry> sorted, Tid rev) => throw new NotImplementedException();
    /// CID of the root node; sealed trees only
    public Cid Root => throw new NotImplementedException();
    public bool TryGet(string path, out Cid value) => throw new NotImplementedException();
    /// InvalidOperationException when the path exists / does not exist
    public MstTree Insert(string path, Cid value) => throw new NotImplementedException();
    public MstTree Update(string path, Cid value) => throw new NotImplementedException();
    public MstTree Remove(string path) => throw new NotImplementedException();
    public MstTree Seal(Tid rev) => throw new NotImplementedException();
    /// ascending; from = inclusive start or null
    public IEnumerable<MstEntry> Walk(string? from = null) => throw new NotImplementedException();
    /// pre-order export of spec 02 §5: node, then left subtree, then for each entry its record slot and right subtree
    public IEnumerable<MstStep> WalkPreOrder() => throw new NotImplementedException();
    /// as WalkPreOrder, but leaves out subtrees whose nodes all have Rev <= since
    public IEnumerable<MstStep> WalkNewer(Tid since) => throw new NotImplementedException();
    /// nodes on the path from the root to where the path is or would be, root first
    public IReadOnlyList<MstNode> Proof(string path) => throw new NotImplementedException();
    /// nodes of this tree that a commit event must carry for the given op paths (spec 03 §6.2: rules 2 and 3 together), without duplicates, root first
    public IReadOnlyList<MstNode> CoveringNodes(IEnumerable<string> paths) => throw new NotImplementedException();
    /// nodes reachable from the root that are not marked stored (a stored node has only stored children), root first
    public IEnumerable<MstNode> Unstored() => throw new NotImplementedException();
    /// nodes of 'from' that are not part of 'to'
    public static IEnumerable<Cid> Removed(MstTree from, MstTree to) => throw new NotImplementedException();
    public IEnumerable<MstDiff> DiffTo(MstTree to) => throw new NotImplementedException();
}
/// exactly one of Node and Entry is set
public readonly record struct MstStep(MstNode? Node, MstEntry? Entry);
/// Old null = created, New null = removed
public readonly record struct MstDiff(string Path, Cid? Old, Cid? New);
