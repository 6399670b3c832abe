using System.Diagnostics.CodeAnalysis;
using Pds.Application.Crypto;
using Pds.Application.Repositories;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>What all lanes share.</summary>
internal sealed record LaneContext(ReadPool Readers, WriteQueue Log, ISigningKeys Keys, TidClock Clock, TimeProvider Time, CheckpointPolicy Policy)
{
    /// <summary>Makes sure of the blobs that records refer to.</summary>
    public required BlobFiles Blobs { get; init; }

    /// <summary>How long a view of the database may stay open.</summary>
    public TimeSpan MaxSnapshotAge { get; init; } = Timeout.InfiniteTimeSpan;
}

/// <summary>
/// The writers of one repository, one after the other. A writer does not wait for the disk: it hands its commit to the log, and the next one
/// builds on the head in memory. When a commit is not kept, those built upon it fail too (each compares the stored head), and the
/// lane starts again from the database. Only durable commits are ever shown to readers.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to dispose of, and a lane may be in use when it is dropped.")]
internal sealed partial class RepositoryLane(Did did, long accountId, LaneContext context)
{
    /// <summary>How many superseded durable versions a reader that has just opened a snapshot may still find.</summary>
    private const int KeptVersions = 4;

    /// <summary>How often a reader may look for a version that this lane does not hold before the lane starts again from the database.</summary>
    private const int MaxMisses = 3;

    /// <summary>Writers have their turn for a moment; only an import has it longer.</summary>
    private static readonly TimeSpan RetirePatience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _state = new();

    // Guarded by _turn: what the next writer builds on.
    private Version? _latest;
    private Task _lastHandedOver = Task.CompletedTask;
    private bool _retired;

    // Guarded by _state: changed by writers, and by the log's thread when a commit is durable or lost.
    private readonly List<Version> _versions = [];
    private Version? _durable;
    private bool _stale = true;

    public long AccountId => accountId;

    /// <summary>When it was last used, in ticks of the context's time provider.</summary>
    public long LastUsed { get; private set; } = context.Time.GetTimestamp();

    /// <summary>Nodes it keeps in memory, as <see cref="MstTree.LoadedBytes"/> counts them.</summary>
    public long CountLoadedBytes()
    {
        MstTree? tree;
        lock (_state)
        {
            tree = _durable?.Tree;
        }

        return tree?.LoadedBytes ?? 0;
    }

    /// <summary>Makes one commit; see <see cref="IRepositoryStore.WriteAsync"/>.</summary>
    /// <returns>Whether this lane could serve at all (a retired one cannot), and the change.</returns>
    public async Task<(bool Served, RepositoryChange? Change)> TryWriteAsync(
        Func<Repository, CancellationToken, ValueTask<RepositoryChange?>> build, CancellationToken cancellationToken)
    {
        RepositoryChange? change;
        Task durable;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_retired)
            {
                return (false, null);
            }

            // Not before it is our turn: whoever had it may have replaced the key.
            ISigner signer = await context.Keys.GetAsync(did, cancellationToken);
            Version head = await LatestAsync();
            change = await build(new Repository(did, head.Head, head.Tree, signer, context.Clock), cancellationToken);
            if (change is not null)
            {
                BlobClaims claims = await context.Blobs.ClaimAsync(did, accountId, change, cancellationToken);
                var entry = new CommitWrite(this, change, head.Epoch, claims);
                Advance(change, head.Epoch);
                await context.Log.EnqueueAsync(entry);
                _lastHandedOver = entry.Durable;
                await CheckpointIfDueAsync();
            }

            // Even a writer that changed nothing has seen a head that may not be durable yet.
            durable = _lastHandedOver;
        }
        catch (MissingBlockException)
        {
            await ForgetStoredNodesAsync();
            throw new ConcurrentWriteException();
        }
        finally
        {
            LastUsed = context.Time.GetTimestamp();
            _turn.Release();
        }

        await durable;
        return (true, change);
    }

    /// <summary>The durable head; the tree is not needed for it.</summary>
    public Commit? FindHead()
    {
        lock (_state)
        {
            if (_durable is { } durable && !_stale)
            {
                return durable.Head;
            }
        }

        using ReadLease lease = context.Readers.Rent();
        return lease.Part<RepositoryReader>().FindHead(accountId)?.Commit;
    }

    /// <summary>Waits until everything handed over so far is in the database, or is not going to be. To be called by the writer whose turn it is.</summary>
    public Task WaitForEarlierAsync() => WaitQuietlyAsync(_lastHandedOver);

    /// <summary>Opens a view of the repository; <see langword="null"/> when it is gone.</summary>
    public async Task<IRepositorySnapshot?> OpenSnapshotAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            ReadLease lease = context.Readers.Rent();
            bool kept = false;
            try
            {
                lease.Connection.Begin();
                if (lease.Part<RepositoryReader>().FindHead(accountId) is not { } stored)
                {
                    return null;
                }

                if (FindVersion(stored.Commit.Rev) is { } version)
                {
                    kept = true;
                    return new RepositorySnapshot(lease, accountId, version.Head, version.Tree, new CancellationTokenSource(context.MaxSnapshotAge, context.Time));
                }
            }
            finally
            {
                if (!kept)
                {
                    lease.Connection.End();
                    lease.Dispose();
                }
            }

            await LoadAsync(onlyIfStale: attempt < MaxMisses, cancellationToken);
        }
    }

    /// <summary>Ends the lane when its turn comes within a moment; its nodes are checkpointed first.</summary>
    /// <returns>Whether it has ended; if not, somebody takes long.</returns>
    public async Task<bool> TryRetireAsync(CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(RetirePatience, cancellationToken))
        {
            return false;
        }

        try
        {
            await CheckpointAsync();
            await WaitQuietlyAsync(_lastHandedOver);
            await WaitQuietlyAsync(_checkpoint);
            return _retired = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    internal void OnDurable(RepositoryChange change, IReadOnlyList<ReleasedBlob> released)
    {
        foreach (ReleasedBlob blob in released)
        {
            context.Blobs.Release(did, accountId, blob);
        }

        lock (_state)
        {
            _durable = _versions.Find(version => version.Head.Rev == change.Commit.Rev);
            int superseded = _versions.FindIndex(version => ReferenceEquals(version, _durable)) - KeptVersions;
            if (superseded > 0)
            {
                _versions.RemoveRange(0, superseded);
            }
        }
    }

    internal void OnFailed()
    {
        lock (_state)
        {
            _stale = true;
        }
    }

    private static async Task WaitQuietlyAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Advance(RepositoryChange change, long epoch)
    {
        _latest = new Version(change.Commit, change.Tree, epoch);
        lock (_state)
        {
            _versions.Add(_latest);
            _unsavedBytes += change.Blocks.Length;
        }
    }

    private Version? FindVersion(Tid rev)
    {
        lock (_state)
        {
            return _stale ? null : _versions.Find(version => version.Head.Rev == rev);
        }
    }

    // A version that a reader does not find was overtaken while it looked, or is a commit of another process.
    private async Task LoadAsync(bool onlyIfStale, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!onlyIfStale)
            {
                OnFailed();
            }

            await LatestAsync();
        }
        finally
        {
            LastUsed = context.Time.GetTimestamp();
            _turn.Release();
        }
    }

    // Called in turn.
    private async Task<Version> LatestAsync()
    {
        bool stale;
        lock (_state)
        {
            stale = _stale;
        }

        if (!stale && _latest is { } latest)
        {
            return latest;
        }

        await WaitQuietlyAsync(_lastHandedOver);
        await WaitQuietlyAsync(_checkpoint);
        _lastHandedOver = Task.CompletedTask;
        Version loaded = ReadStored();
        _latest = loaded;
        lock (_state)
        {
            _versions.Clear();
            _versions.Add(loaded);
            _durable = loaded;
            _stale = false;
        }

        return loaded;
    }

    // The tree is a function of the records. Where the checkpoint is not the head's tree, it is built again from them.
    private Version ReadStored()
    {
        using ReadLease lease = context.Readers.Rent();
        RepositoryReader reader = lease.Part<RepositoryReader>();
        lease.Connection.Begin();
        try
        {
            if (reader.FindHead(accountId) is not var (head, checkpoint, epoch))
            {
                throw new XrpcException(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {did}");
            }

            if (checkpoint == head.Data)
            {
                var tree = MstTree.Load(head.Data, new StoredNodes(accountId, context.Readers));
                ResetCheckpoint(tree, checkpoint);
                return new Version(head, tree, epoch);
            }

            MstTree rebuilt = MstTree.Build(reader.ReadEntries(accountId), head.Rev);
            ResetCheckpoint(null, checkpoint);
            return rebuilt.Root == head.Data
                ? new Version(head, rebuilt, epoch)
                : throw new InvalidDataException($"The records of {did} do not add up to the tree of its head commit {head.Cid}.");
        }
        finally
        {
            lease.Connection.End();
        }
    }

    /// <summary>A commit and its tree, and the epoch in which it was read or built.</summary>
    private sealed record Version(Commit Head, MstTree Tree, long Epoch);
}
