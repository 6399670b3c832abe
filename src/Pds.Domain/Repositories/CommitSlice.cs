using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>The CAR that travels in a commit event. Source: spec <c>com.atproto.sync.subscribeRepos#commit</c>, field <c>blocks</c>.</summary>
internal static class CommitSlice
{
    /// <summary>Encodes the commit, the covering nodes depth-first and the written records, no block twice.</summary>
    /// <exception cref="XrpcException">InvalidRequest: the CAR would be larger than consumers accept.</exception>
    public static byte[] Encode(Commit commit, MstTree tree, RepositoryOp[] ops)
    {
        var blocks = new List<Block>(16 + ops.Length) { new(commit.Cid, commit.Bytes) };
        AddNodes(blocks, tree, ops);
        AddRecords(blocks, ops);
        ReadOnlySpan<Cid> roots = [commit.Cid];
        return CarWriter.Measure(roots, blocks) <= RepositoryLimits.MaxEventBlocksBytes
            ? CarWriter.ToArray(roots, blocks)
            : throw new XrpcException(RequestErrors.InvalidRequest, "Too many writes. Max event size: 2MB");
    }

    // Consumers load the tree from its root before they look at the operations; CoveringNodes gives the root even when nothing changed.
    private static void AddNodes(List<Block> blocks, MstTree tree, RepositoryOp[] ops)
    {
        string[] paths = new string[ops.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = ops[i].Path.ToString();
        }

        foreach (MstNode node in tree.CoveringNodes(paths))
        {
            blocks.Add(new Block(node.Cid, node.Bytes));
        }
    }

    // Two paths may hold the same content, and content that reads like a tree node is a record all the same.
    private static void AddRecords(List<Block> blocks, RepositoryOp[] ops)
    {
        var seen = new HashSet<Cid>(blocks.Count + ops.Length);
        foreach (Block block in blocks)
        {
            seen.Add(block.Cid);
        }

        foreach (RepositoryOp op in ops)
        {
            if (op is { Cid: { } cid, Record: { } record } && seen.Add(cid))
            {
                blocks.Add(new Block(cid, record.Cbor));
            }
        }
    }
}
