using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.Infrastructure.Blobs;

namespace Pds.Infrastructure.Repositories;

/// <summary>A commit on its way into the database, together with the event that announces it.</summary>
internal sealed class CommitWrite(RepositoryLane lane, RepositoryChange change, BlobClaims claims) : QueuedWrite
{
    private IReadOnlyList<ReleasedBlob> _released = [];

    public override int Weight => change.Blocks.Length * 2;

    public override void Write(CommitWriter writer)
    {
        writer.ApplyChange(lane.AccountId, change);
        _released = writer.Blobs.Apply(lane.AccountId, change, claims);
        writer.AppendEvent(lane.AccountId, new CommitEvent(change));
    }

    protected override void OnDurable() => lane.OnDurable(change, _released);

    protected override void OnFailed(Exception exception) => lane.OnFailed();
}
