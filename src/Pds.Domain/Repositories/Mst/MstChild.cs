using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

/// <summary>A place for a subtree in a node: nothing, a CID whose node is not loaded, or a node.</summary>
/// <remarks>The CID of a subtree that is not sealed is the default one. Fields, because a parent fills in node and CID in place.</remarks>
internal struct MstChild
{
    /// <summary>The CID of the subtree's root, default when there is no subtree or it is not sealed.</summary>
    public Cid Cid;

    /// <summary>The subtree's root when it is in memory.</summary>
    public MstNode? Node;

    /// <summary>No subtree.</summary>
    public static MstChild None => default;

    /// <summary>Whether there is a subtree.</summary>
    public readonly bool Exists => Node is not null || Cid.Codec != CidCodec.None;

    /// <summary>A subtree that is not loaded.</summary>
    public static MstChild Stub(Cid cid) => new() { Cid = cid };

    /// <summary>A subtree in memory, or nothing.</summary>
    public static MstChild Of(MstNode? node) => node switch
    {
        null => default,
        { IsSealed: true } => new() { Cid = node.Cid, Node = node },
        _ => new() { Node = node },
    };

    /// <summary>Whether both are known to be the same subtree; two that are not sealed are the same only when they are one object.</summary>
    public readonly bool IsSame(in MstChild other) => Cid.Codec != CidCodec.None ? Cid == other.Cid : Node is not null && ReferenceEquals(Node, other.Node);
}
