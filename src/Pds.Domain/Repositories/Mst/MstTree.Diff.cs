using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

public sealed partial class MstTree
{
    /// <summary>The nodes of one tree that are not part of another: what a store may drop when the second replaces the first.</summary>
    /// <param name="from">A tree, sealed or empty.</param>
    /// <param name="to">A tree, sealed or empty.</param>
    /// <exception cref="InvalidOperationException">A tree is not sealed.</exception>
    public static IEnumerable<Cid> Removed(MstTree from, MstTree to)
    {
        // A node in both trees is passed over in both at once or entered in both, if not at the same time: the order of keys leads both there.
        HashSet<Cid> old = [];
        HashSet<Cid> current = [];
        foreach (MstDiff _ in Compare(from, to, old, current))
        {
        }

        old.ExceptWith(current);
        return old;
    }

    /// <summary>The paths on which two trees differ, ascending. Subtrees that are the same are not loaded.</summary>
    public IEnumerable<MstDiff> DiffTo(MstTree to) => Compare(this, to, null, null);

    private static IEnumerable<MstDiff> Compare(MstTree from, MstTree to, HashSet<Cid>? old, HashSet<Cid>? current)
    {
        MstCursor left = from.Cursor();
        MstCursor right = to.Cursor();
        while (!left.AtEnd || !right.AtEnd)
        {
            if (left.AtSubtree || right.AtSubtree)
            {
                Advance(left, right, old, current);
                continue;
            }

            int order = left.AtEnd ? 1 : right.AtEnd ? -1 : left.Leaf.Key.AsSpan().SequenceCompareTo(right.Leaf.Key);
            MstLeaf removed = order <= 0 ? left.Leaf : default;
            MstLeaf added = order >= 0 ? right.Leaf : default;
            if (order <= 0)
            {
                left.Skip();
            }

            if (order >= 0)
            {
                right.Skip();
            }

            if (order != 0 || removed.Value != added.Value)
            {
                yield return new(
                    MstKey.Decode(order <= 0 ? removed.Key : added.Key),
                    order <= 0 ? removed.Value : null,
                    order >= 0 ? added.Value : null);
            }
        }
    }

    /// <summary>Passes over a subtree both sides have, or enters the higher one of two, or both.</summary>
    private static void Advance(MstCursor left, MstCursor right, HashSet<Cid>? old, HashSet<Cid>? current)
    {
        if (left.AtSubtree && right.AtSubtree && left.Subtree.IsSame(right.Subtree))
        {
            left.Skip();
            right.Skip();
            return;
        }

        int leftLayer = left.AtSubtree ? left.SubtreeLayer : -1;
        int rightLayer = right.AtSubtree ? right.SubtreeLayer : -1;
        if (leftLayer >= rightLayer)
        {
            Enter(left, old);
        }

        if (rightLayer >= leftLayer)
        {
            Enter(right, current);
        }
    }

    private static void Enter(MstCursor cursor, HashSet<Cid>? entered)
    {
        MstNode node = cursor.LoadSubtree();
        if (entered is not null && (node.IsSealed || !node.IsEmpty))
        {
            entered.Add(node.Cid);
        }

        cursor.Enter();
    }
}
