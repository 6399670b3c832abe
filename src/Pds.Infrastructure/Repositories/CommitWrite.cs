using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Repositories;

/// <summary>A commit on its way into the database, together with the event that announces it.</summary>
internal sealed class CommitWrite(RepositoryLane lane, RepositoryChange change, long epoch, BlobClaims claims) : QueuedWrite
{
    private IReadOnlyList<ReleasedBlob> _released = [];

    public override int Weight => change.Blocks.Length * 2;

    public override void Write(WriteTransaction transaction)
    {
        transaction.Part<RepositoryWriter>().ApplyChange(lane.AccountId, change, epoch);
        _released = transaction.Part<BlobWriter>().Apply(lane.AccountId, change, claims);
        transaction.Part<EventWriter>().Append(lane.AccountId, new CommitEvent(change));
    }

    protected override void OnDurable() => lane.OnDurable(change, _released);

    protected override void OnFailed(Exception exception) => lane.OnFailed();
}
