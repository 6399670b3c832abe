using System.Text;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories.Mst;

public sealed partial class MstTree
{
    /// <summary>The records in ascending order of their paths.</summary>
    /// <param name="from">Where to begin: the least text a path may be; need not be a path itself. Everything when absent.</param>
    public IEnumerable<MstEntry> Walk(string? from = null)
    {
        MstCursor cursor = Cursor();
        if (from is not null)
        {
            byte[] key = Encoding.UTF8.GetBytes(from);
            while (cursor.Enter(key))
            {
            }
        }

        while (!cursor.AtEnd)
        {
            if (cursor.AtSubtree)
            {
                cursor.Enter();
            }
            else
            {
                yield return cursor.Leaf.ToEntry();
                cursor.Skip();
            }
        }
    }

    /// <summary>Nodes and records in the order of an export: a node, its first subtree, then each record and the subtree right of it.</summary>
    public IEnumerable<MstStep> WalkPreOrder() => Steps(since: null);

    /// <summary>As <see cref="WalkPreOrder"/>, without the subtrees made by the commit with the given revision or by earlier ones.</summary>
    /// <remarks>A node is at least as new as everything below it. Of a node that is left in, all records are given, older ones too.</remarks>
    public IEnumerable<MstStep> WalkNewer(Tid since) => Steps(since);

    /// <summary>The nodes not known to be stored, parents before children.</summary>
    public IEnumerable<MstNode> Unstored()
    {
        if (_root.Node is not { IsStored: false } root || (root.IsEmpty && !root.IsSealed))
        {
            yield break;
        }

        Stack<MstNode> pending = new();
        pending.Push(root);
        while (pending.TryPop(out MstNode? node))
        {
            yield return node.IsSealed ? node : throw new InvalidOperationException("The tree is not sealed.");
            for (int slot = node.Count; slot >= 0; slot--)
            {
                if (node.Child(slot).Node is { IsStored: false } child)
                {
                    pending.Push(child);
                }
            }
        }
    }

    private IEnumerable<MstStep> Steps(Tid? since)
    {
        MstCursor cursor = Cursor();
        while (!cursor.AtEnd)
        {
            if (!cursor.AtSubtree)
            {
                yield return new(null, cursor.Leaf.ToEntry());
                cursor.Skip();
                continue;
            }

            MstNode node = cursor.LoadSubtree();
            if (since is { } rev && node.Rev <= rev)
            {
                cursor.Skip();
            }
            else
            {
                yield return new(node, null);
                cursor.Enter();
            }
        }
    }

    private MstCursor Cursor()
    {
        int layer = Layer;      // first, since it loads the root
        return new(_root, layer, _source);
    }
}
