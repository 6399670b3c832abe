using Microsoft.Extensions.Logging;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Import;
using Pds.Domain.Repositories.Mst;

namespace Pds.Infrastructure.Repositories;

/// <summary>Checks an archive while it stages what differs from the records that are here, and all nodes of the tree.</summary>
/// <remarks>The archive's nodes only lead to the records. Those that are staged come from a tree that is built anew, whose root must be the archive's.</remarks>
internal sealed partial class ImportStage(long stagingId, Tid rev, LaneContext context, ImportPolicy policy, ILogger logger)
{
    private const int ProgressRecords = 25_000;

    /// <summary>Nodes lie in the database in the order of their hashes, so each page of it is written once for all that wait together.</summary>
    private const int MaxWaitingBytes = 4 * 1024 * 1024;

    private readonly List<StagedNode> _waiting = [];
    private List<ProposedWrite> _proposed = [];
    private int _waitingBytes;
    private ImportChunk _chunk = new(stagingId, rev);
    private Task _written = Task.CompletedTask;

    /// <summary>The revision that the staged rows carry.</summary>
    public Tid Rev => rev;

    /// <summary>Records met so far.</summary>
    public long Records { get; private set; }

    /// <summary>Stages everything, durably.</summary>
    /// <param name="current">The records that are here.</param>
    /// <param name="archive">What is to be here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RepositoryFormatException">The archive is not what it must be; some rows may be staged already.</exception>
    public async Task FillAsync(IEnumerable<MstEntry> current, RepositoryArchive archive, CancellationToken cancellationToken)
    {
        var tree = new MstBuilder(rev, Wait);
        foreach (MergeStep step in RecordMerge.Compare(current, archive.ReadRecords()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Take(step, tree, archive.Commit.Did);
            if (_chunk.IsFull)
            {
                await FlushAsync(cancellationToken);
            }

            if (_waitingBytes >= MaxWaitingBytes)
            {
                await PutNodesAsync(cancellationToken);
            }
        }

        Cid root = tree.Finish();
        if (root != archive.Commit.Data)
        {
            throw new RepositoryFormatException($"The records make the tree {root}, not the one that the commit names.");
        }

        await PutNodesAsync(cancellationToken);
        await FlushAsync(cancellationToken);
        await _written;
    }

    private void Wait(MstNode node)
    {
        _waiting.Add(new StagedNode(node.Cid, node.Bytes));
        _waitingBytes += node.Bytes.Length;
    }

    private async Task PutNodesAsync(CancellationToken cancellationToken)
    {
        _waiting.Sort(static (one, other) => one.Cid.CompareTo(other.Cid));
        foreach (StagedNode node in _waiting)
        {
            _chunk.Put(node);
            if (_chunk.IsFull)
            {
                await FlushAsync(cancellationToken);
            }
        }

        _waiting.Clear();
        _waitingBytes = 0;
    }

    private void Take(MergeStep step, MstBuilder tree, Did did)
    {
        if (step.Record is not { } record)
        {
            _chunk.Remove(step.Path);
            if (RecordPath.TryParse(step.Path, out RecordPath removed))
            {
                _proposed.Add(new ProposedWrite(WriteAction.Delete, removed.Collection, removed.Key, Record: null));
            }

            return;
        }

        if (step.Kind == MergeKind.Written)
        {
            _proposed.Add(new ProposedWrite(WriteAction.Update, record.Path.Collection, record.Path.Key, _chunk.Put(record)));
        }

        tree.Add(new MstEntry(step.Path, record.Cid));
        if (++Records % ProgressRecords == 0)
        {
            LogProgress(logger, did, Records);
        }
    }

    // One chunk is written while the next one is filled.
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_proposed.Count > 0)
        {
            await policy.ReviewAsync(_proposed, cancellationToken);
            _proposed = [];
        }

        await _written;
        await context.Log.EnqueueAsync(_chunk);
        _written = _chunk.Durable;
        _chunk = new ImportChunk(stagingId, rev);
    }

    [LoggerMessage(EventId = 2032, Level = LogLevel.Information, Message = "Import of {Did}: {Records} records so far")]
    private static partial void LogProgress(ILogger logger, Did did, long records);
}
