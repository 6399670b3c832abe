using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>A consumer's check of a commit event, with nothing at hand but the event itself.</summary>
/// <remarks>
/// The operations are undone on the part of the tree that the CAR holds; the result must be the tree before. Whether the commit follows on
/// the last one seen (<c>since</c>, <c>prevData</c>) and lies in the past is for the caller to judge, who knows the last one and the time.
/// <para>Source: <see href="https://atproto.com/specs/sync"/></para>
/// </remarks>
public static class CommitVerification
{
    /// <summary>Checks limits, structure, signature, records and the inversion of the operations.</summary>
    /// <returns>The commit.</returns>
    /// <exception cref="FormatException">Something is not as it must be.</exception>
    public static Commit Verify(CommitClaim claim, PublicKey key, IVerifier verifier)
    {
        Require(claim.Blocks.Length <= RepositoryLimits.MaxEventBlocksBytes, "The blocks are larger than an event may carry.");
        Require(claim.Ops.Count <= RepositoryLimits.MaxWrites, "There are more operations than an event may carry.");
        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(claim.Blocks);
        Require(roots.Count == 1 && roots[0] == claim.Commit, "The root of the blocks is not the commit.");
        Require(blocks.TryGetValue(claim.Commit, out ReadOnlyMemory<byte> bytes), "The commit is not among the blocks.");

        Commit commit = Commit.Decode(bytes);
        Require(commit.Did == claim.Did, "The commit is that of another repository.");
        Require(commit.Rev == claim.Rev, "The commit has another revision than the event.");
        Require(commit.HasSignatureOf(key, verifier), "The commit is not signed with the key of the account.");
        Require(blocks.ContainsKey(commit.Data), "The root of the tree is not among the blocks.");
        Invert(claim, MstTree.Load(commit.Data, new BlockNodes(cid => blocks.TryGetValue(cid, out ReadOnlyMemory<byte> block) ? block : null)), blocks);
        return commit;
    }

    private static void Invert(CommitClaim claim, MstTree tree, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks)
    {
        var ops = new MstOp[claim.Ops.Count];
        for (int i = 0; i < ops.Length; i++)
        {
            RepositoryOp op = claim.Ops[i];
            Require(op.Cid is not { } cid || blocks.ContainsKey(cid), "A record that was written is not among the blocks.");
            ops[i] = new MstOp(op.Action, op.Path.ToString(), op.Cid, op.Prev);
        }

        try
        {
            MstInversion.Verify(tree, ops, claim.PrevData);
        }
        catch (MstInversionException e)
        {
            throw new RepositoryFormatException(e.Message, e);
        }
    }

    private static void Require(bool isMet, string fault)
    {
        if (!isMet)
        {
            throw new RepositoryFormatException(fault);
        }
    }
}
