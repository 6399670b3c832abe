using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Mst;

/// <summary>What a commit says it did to one path.</summary>
/// <param name="Action">What was done.</param>
/// <param name="Path">The repository path.</param>
/// <param name="Cid">The record since; <see langword="null"/> when it was deleted.</param>
/// <param name="Prev">The record before; <see langword="null"/> when it was created.</param>
public readonly record struct MstOp(WriteAction Action, string Path, Cid? Cid, Cid? Prev);

/// <summary>The operations of a commit do not lead from the tree before it to the tree it signs, or its blocks do not suffice to tell.</summary>
/// <param name="message">What does not fit, for people.</param>
/// <param name="innerException">The missing or malformed block, if that is the reason.</param>
public sealed class MstInversionException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Checks a commit by undoing its operations, which must give the tree of the commit before it.</summary>
/// <remarks>
/// Works on the nodes that came with the commit alone: of everything else a CID is enough, since undoing never looks into it when the
/// commit carries what it must (see <see cref="MstTree.CoveringNodes"/>). Deletions are undone first, because what was deleted may stand
/// between two subtrees of which the commit could show only one edge each otherwise.
/// <para>Source: <see href="https://atproto.com/specs/sync#commit-validation-mst-operation-inversion"/></para>
/// </remarks>
public static class MstInversion
{
    /// <summary>Undoes operations and compares the result.</summary>
    /// <param name="tree">The tree the commit signs, over a source that has the nodes that came with it.</param>
    /// <param name="ops">The operations, in any order.</param>
    /// <param name="prevData">The root of the tree before; <see langword="null"/> for a first commit, before which there was no record.</param>
    /// <exception cref="MstInversionException">An operation is not what the tree shows, a node is missing, or the result is another tree.</exception>
    public static void Verify(MstTree tree, IReadOnlyList<MstOp> ops, Cid? prevData)
    {
        MstOp[] ordered = [.. ops];
        Array.Sort(ordered, static (left, right) => string.CompareOrdinal(left.Path, right.Path));
        for (int i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Path == ordered[i - 1].Path)
            {
                throw new MstInversionException($"The commit names {ordered[i].Path} twice.");
            }
        }

        Cid root;
        try
        {
            root = Invert(tree, ordered).Root;
        }
        catch (MissingBlockException e)
        {
            throw new MstInversionException($"The commit lacks the tree node {e.Cid}.", e);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new MstInversionException("The commit names something that is no path, or carries a malformed tree node.", e);
        }

        if (root != (prevData ?? MstTree.EmptyRoot))
        {
            throw new MstInversionException("Undoing the operations of the commit does not give the tree before it.");
        }
    }

    private static MstTree Invert(MstTree tree, MstOp[] ordered)
    {
        foreach (MstOp op in ordered)
        {
            CheckResult(tree, op);
        }

        foreach (MstOp op in ordered)
        {
            if (op is { Action: WriteAction.Delete, Prev: { } prev })
            {
                tree = tree.Insert(op.Path, prev);
            }
        }

        foreach (MstOp op in ordered)
        {
            tree = op switch
            {
                { Action: WriteAction.Create } => tree.RemovePartial(op.Path),
                { Action: WriteAction.Update, Prev: { } prev } => tree.Update(op.Path, prev),
                _ => tree,
            };
        }

        return tree.Seal(default);
    }

    /// <summary>An operation has the CIDs its action asks for, and the tree shows what it says.</summary>
    private static void CheckResult(MstTree tree, MstOp op)
    {
        if (op.Cid is null != (op.Action == WriteAction.Delete) || op.Prev is null != (op.Action == WriteAction.Create))
        {
            throw new MstInversionException($"The operation on {op.Path} has a CID too many or too few.");
        }

        Cid? found = tree.TryGet(op.Path, out Cid value) ? value : null;
        if (found != op.Cid)
        {
            throw new MstInversionException($"The tree does not show what the commit says it did to {op.Path}.");
        }
    }
}
