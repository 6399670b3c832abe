using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>A read transaction and the tree of the head it sees. What of the tree is not in memory, the transaction still holds.</summary>
internal sealed class RepositorySnapshot : IRepositorySnapshot, IMstNodeSource
{
    private readonly ReadLease _lease;
    private readonly long _accountId;
    private readonly CancellationTokenSource _age;

    public RepositorySnapshot(ReadLease lease, long accountId, Commit head, MstTree tree, CancellationTokenSource age)
    {
        _age = age;
        _lease = lease;
        _accountId = accountId;
        Head = head;
        Tree = tree.WithSource(this);
    }

    public CancellationToken Expired => _age.Token;

    public Commit Head { get; }

    public MstTree Tree { get; }

    public ReadOnlyMemory<byte>? FindRecord(RecordPath path) => _lease.Part<RepositoryReader>().FindRecord(_accountId, path)?.Cbor;

    public SnapshotRecord? FindVersion(string path) => _lease.Part<RepositoryReader>().FindVersion(_accountId, path);

    public IEnumerable<SnapshotRecord> ReadRecords(Tid? since = null) => _lease.Part<RepositoryReader>().ReadRecords(_accountId, since);

    public IEnumerable<Block> ReadRecordBlocks() => _lease.Part<RepositoryReader>().ReadRecordBlocks(_accountId);

    public ReadOnlyMemory<byte>? FindBlock(Cid cid)
    {
        if (cid == Head.Cid)
        {
            return Head.Bytes;
        }

        // Stored nodes follow the tree at a distance, so some may not be part of it any more.
        if (_lease.Part<RepositoryReader>().FindNode(_accountId, cid) is { } node && IsPartOfTree(node))
        {
            return node.Bytes;
        }

        if (_lease.Part<RepositoryReader>().FindRecordByCid(_accountId, cid) is { } record)
        {
            return record;
        }

        // A node that is not checkpointed yet is in memory, and so are all nodes above it.
        foreach (MstNode unstored in Tree.Unstored())
        {
            if (unstored.Cid == cid)
            {
                return unstored.Bytes;
            }
        }

        return null;
    }

    public MstNode Load(Cid cid) => _lease.Part<RepositoryReader>().FindNode(_accountId, cid) ?? throw new MissingBlockException(cid);

    public ValueTask DisposeAsync()
    {
        _lease.Connection.End();
        _lease.Dispose();
        _age.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool IsPartOfTree(MstNode node)
    {
        try
        {
            return Tree.Contains(node);
        }
        catch (MissingBlockException)
        {
            return false; // what lies below an obsolete node may be gone already
        }
    }
}
