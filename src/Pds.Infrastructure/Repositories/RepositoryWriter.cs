using System.Data.Common;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>The writing side of the repository tables: heads, records and checkpointed nodes.</summary>
internal sealed class RepositoryWriter(DbConnection connection) : IWritePart<RepositoryWriter>
{
    private readonly DbCommand _insertRepo = connection.Prepare($"INSERT INTO {RepoRow.Table} (account_id, rev, head, checkpoint) VALUES ($0, $1, $2, NULL)", 3);
    private readonly DbCommand _advanceRepo = connection.Prepare(
        $"UPDATE {RepoRow.Table} SET rev = $2, head = $3 WHERE account_id = $0 AND rev = $1 AND epoch = coalesce($4, epoch)", 5);

    private readonly DbCommand _raiseEpoch = connection.Prepare($"UPDATE {RepoRow.Table} SET epoch = epoch + 1 WHERE account_id = $0", 1);
    private readonly DbCommand _setCheckpoint = connection.Prepare(
        $"UPDATE {RepoRow.Table} SET checkpoint = $3 WHERE account_id = $0 AND rev = $1 AND checkpoint IS $2", 4);

    private readonly DbCommand _clearCheckpoint = connection.Prepare($"UPDATE {RepoRow.Table} SET checkpoint = NULL WHERE account_id = $0", 1);
    private readonly DbCommand _putRecord = connection.Prepare(
        $"""
        INSERT INTO {RecordRow.Table} (account_id, path, cid, rev, cbor, link) VALUES ($0, $1, $2, $3, $4, $5)
        ON CONFLICT (account_id, path) DO UPDATE SET cid = excluded.cid, rev = excluded.rev, cbor = excluded.cbor, link = excluded.link
        """,
        6);

    private readonly DbCommand _deleteRecord = connection.Prepare($"DELETE FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1", 2);
    private readonly DbCommand _putNode = connection.Prepare(
        $"""
        INSERT INTO {MstNodeRow.Table} (account_id, cid, rev, bytes) VALUES ($0, $1, $2, $3)
        ON CONFLICT (account_id, cid) DO UPDATE SET rev = excluded.rev
        """,
        4);

    private readonly DbCommand _deleteNode = connection.Prepare($"DELETE FROM {MstNodeRow.Table} WHERE account_id = $0 AND cid = $1", 2);
    private readonly DbCommand _deleteNodes = connection.Prepare($"DELETE FROM {MstNodeRow.Table} WHERE account_id = $0", 1);

    public static RepositoryWriter Over(WriteTransaction transaction) => new(transaction.Connection);

    /// <summary>Keeps a commit: head and records.</summary>
    /// <param name="accountId">Whose commit.</param>
    /// <param name="change">The commit.</param>
    /// <param name="epoch">The epoch in which it was built; <see langword="null"/> where the account is read in the same transaction.</param>
    /// <exception cref="ConcurrentWriteException">The stored head, or the epoch, is not the one that the change was built upon.</exception>
    public void ApplyChange(long accountId, RepositoryChange change, long? epoch)
    {
        if (change.Previous is { } previous)
        {
            if (_advanceRepo.Execute(accountId, previous.Rev.Value, change.Commit.Rev.Value, ToArray(change.Commit.Bytes), epoch is { } built ? built : DBNull.Value) == 0)
            {
                throw new ConcurrentWriteException();
            }
        }
        else
        {
            _insertRepo.Execute(accountId, change.Commit.Rev.Value, ToArray(change.Commit.Bytes));
        }

        foreach (RepositoryOp op in change.Ops)
        {
            if (op.Record is { } record)
            {
                PutRecord(
                    accountId, op.Path.ToString(), op.Cid!.Value.ToArray(), change.Commit.Rev, record.Cbor, RecordLinks.HashOf(op.Path, record));
            }
            else
            {
                _deleteRecord.Execute(accountId, op.Path.ToString());
            }
        }
    }

    /// <summary>Makes commits fail that are built in the present epoch.</summary>
    public void RaiseEpoch(long accountId) => _raiseEpoch.Execute(accountId);

    public void PutRecord(long accountId, string path, byte[] cid, Tid rev, ReadOnlyMemory<byte> cbor, long? link) =>
        _putRecord.Execute(accountId, path, cid, rev.Value, ToArray(cbor), link is { } hash ? hash : DBNull.Value);

    /// <summary>Notes that the stored nodes are the tree of a commit.</summary>
    /// <exception cref="ConcurrentWriteException">The stored head or checkpoint is another one.</exception>
    public void SetCheckpoint(long accountId, Tid rev, Cid? expected, Cid root)
    {
        object expectedBytes = expected is { } cid ? cid.ToArray() : DBNull.Value;
        if (_setCheckpoint.Execute(accountId, rev.Value, expectedBytes, root.ToArray()) == 0)
        {
            throw new ConcurrentWriteException();
        }
    }

    /// <summary>Notes that the stored nodes are no tree at all.</summary>
    public void ClearCheckpoint(long accountId) => _clearCheckpoint.Execute(accountId);

    public void PutNode(long accountId, MstNode node) => PutNode(accountId, node.Cid, node.Rev, node.Bytes);

    public void PutNode(long accountId, Cid cid, Tid rev, ReadOnlyMemory<byte> bytes) => _putNode.Execute(accountId, cid.ToArray(), rev.Value, ToArray(bytes));

    public void DeleteNode(long accountId, Cid cid) => _deleteNode.Execute(accountId, cid.ToArray());

    public void DeleteAllNodes(long accountId) => _deleteNodes.Execute(accountId);

    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
