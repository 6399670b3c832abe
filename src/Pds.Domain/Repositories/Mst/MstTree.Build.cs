using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories.Mst;

public sealed partial class MstTree
{
    /// <summary>The tree of given records, sealed. Takes time and memory in proportion to their number; see <see cref="MstBuilder"/> for less.</summary>
    /// <param name="sorted">The records, in strictly ascending order of their paths' bytes.</param>
    /// <param name="rev">The revision of the commit that makes the nodes.</param>
    /// <exception cref="ArgumentException">A path is none, or the order is not kept.</exception>
    public static MstTree Build(IEnumerable<MstEntry> sorted, Tid rev)
    {
        MstBuilder builder = new(MstChild.Of);
        foreach (MstEntry entry in sorted)
        {
            builder.Add(entry);
        }

        MstChild root = builder.FinishRoot();
        return new MstTree(root.Exists ? root : Empty._root, builder.RootLayer, NoNodes.Instance).Seal(rev);
    }
}
