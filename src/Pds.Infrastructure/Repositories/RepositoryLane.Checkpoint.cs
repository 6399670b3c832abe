using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.Infrastructure.Repositories;

/// <summary>When the nodes of a tree are written, and how many stay in memory.</summary>
internal sealed record CheckpointPolicy
{
    /// <summary>A lane is checkpointed once its commits since the last checkpoint amount to so many bytes of event blocks.</summary>
    public long UnsavedBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>A lane nobody has used for so long is checkpointed and dropped.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>At most so many lanes are kept; the least recently used go first.</summary>
    public int MaxLanes { get; init; } = 4096;

    /// <summary>All lanes together keep about so many bytes of nodes, as <see cref="MstTree.LoadedBytes"/> counts them; the least recently used go first.</summary>
    public long LoadedBytes { get; init; } = 32 * 1024 * 1024;
}

/// <summary>The stored nodes follow the tree at a distance; the transaction of a commit does not carry them.</summary>
internal sealed partial class RepositoryLane
{
    // Guarded by _turn.
    private Task _checkpoint = Task.CompletedTask;

    // Guarded by _state.
    private long _unsavedBytes;
    private MstTree? _checkpointed; // the tree whose nodes are stored; null when nothing is known of them
    private Cid? _checkpointRoot;   // what the repository's row says

    /// <summary>Called on the log's thread once a checkpoint is durable.</summary>
    internal void OnCheckpointed(MstTree tree)
    {
        lock (_state)
        {
            _checkpointed = tree;
            _checkpointRoot = tree.Root;
        }
    }

    /// <summary>
    /// Called on the log's thread when a checkpoint was not kept. The stored nodes are as they were, and the next checkpoint brings them up to date; but if
    /// another writer was there, nothing is known of them, and the next one writes all nodes anew.
    /// </summary>
    internal void OnCheckpointFailed(Exception exception)
    {
        if (exception is not ConcurrentWriteException)
        {
            return;
        }

        lock (_state)
        {
            _checkpointed = null;
            _stale = true;
        }
    }

    private async ValueTask CheckpointIfDueAsync()
    {
        bool due;
        lock (_state)
        {
            due = _unsavedBytes >= context.Policy.UnsavedBytes;
        }

        if (due && _checkpoint.IsCompleted)
        {
            await CheckpointAsync();
        }
    }

    // Called in turn. Queued behind the commits it covers; nobody waits for it but the next checkpoint and what replaces the lane's state.
    private async ValueTask CheckpointAsync()
    {
        await WaitQuietlyAsync(_checkpoint);
        if (_latest is not { } latest)
        {
            return;
        }

        MstTree? stored;
        Cid? storedRoot;
        lock (_state)
        {
            if (_stale || latest.Head.Data == _checkpointRoot)
            {
                return;
            }

            _unsavedBytes = 0;
            (stored, storedRoot) = (_checkpointed, _checkpointRoot);
        }

        var entry = new CheckpointWrite(
            this, latest.Tree, latest.Head.Rev, storedRoot, [.. latest.Tree.Unstored()], stored is null ? null : [.. MstTree.Removed(stored, latest.Tree)]);
        await context.Log.EnqueueAsync(entry);
        _checkpoint = entry.Durable;
    }

    // Called in turn. A node that should be stored is not: leave the stored ones alone and build the tree from the records.
    private async Task ForgetStoredNodesAsync()
    {
        await WaitQuietlyAsync(_lastHandedOver);
        await WaitQuietlyAsync(_checkpoint);
        await context.Log.AppendAsync(new ForgetCheckpointWrite(this));
        OnFailed();
    }

    // Called in turn, when the lane starts again from the database.
    private void ResetCheckpoint(MstTree? stored, Cid? root)
    {
        lock (_state)
        {
            _checkpointed = stored;
            _checkpointRoot = root;
            _unsavedBytes = stored is null ? context.Policy.UnsavedBytes : 0;
        }
    }
}
