using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>Brings the stored nodes of one repository to the tree of a commit that is queued before it.</summary>
/// <param name="lane">Whose.</param>
/// <param name="tree">The tree.</param>
/// <param name="rev">Revision of the commit whose tree it is.</param>
/// <param name="expected">Root of the checkpoint it replaces; another one means that somebody else wrote nodes meanwhile.</param>
/// <param name="put">Nodes not stored yet.</param>
/// <param name="removed">Nodes stored but not part of the tree; <see langword="null"/> when nothing is known of what is stored.</param>
internal sealed class CheckpointWrite(
    RepositoryLane lane, MstTree tree, Tid rev, Cid? expected, IReadOnlyList<MstNode> put, IReadOnlyList<Cid>? removed) : QueuedWrite
{
    private const int NodeBytes = 400;

    public override int Weight => put.Count * NodeBytes;

    public override bool IsHousekeeping => true;

    public override void Write(WriteTransaction transaction)
    {
        RepositoryWriter writer = transaction.Part<RepositoryWriter>();
        writer.SetCheckpoint(lane.AccountId, rev, expected, tree.Root);
        if (removed is null)
        {
            writer.DeleteAllNodes(lane.AccountId);
        }
        else
        {
            foreach (Cid cid in removed)
            {
                writer.DeleteNode(lane.AccountId, cid);
            }
        }

        foreach (MstNode node in put)
        {
            writer.PutNode(lane.AccountId, node);
        }
    }

    protected override void OnDurable()
    {
        foreach (MstNode node in put)
        {
            node.MarkStored();
        }

        lane.OnCheckpointed(tree);
    }

    protected override void OnFailed(Exception exception) => lane.OnCheckpointFailed(exception);
}

/// <summary>Declares the stored nodes of a repository void, so that its tree is built from the records the next time.</summary>
internal sealed class ForgetCheckpointWrite(RepositoryLane lane) : QueuedWrite
{
    public override int Weight => 0;

    public override void Write(WriteTransaction transaction) => transaction.Part<RepositoryWriter>().ClearCheckpoint(lane.AccountId);
}
