using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Repositories;

/// <summary>The one connection that writes hot tables, with its commands prepared once. Used by one thread at a time.</summary>
internal sealed class CommitWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _time;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _mark;
    private readonly SqliteCommand _keep;
    private readonly SqliteCommand _undo;
    private readonly SqliteCommand _lastEvent;
    private readonly SqliteCommand _countChanges;
    private readonly SqliteCommand _insertRepo;
    private readonly SqliteCommand _advanceRepo;
    private readonly SqliteCommand _setCheckpoint;
    private readonly SqliteCommand _clearCheckpoint;
    private readonly SqliteCommand _putRecord;
    private readonly SqliteCommand _deleteRecord;
    private readonly SqliteCommand _putNode;
    private readonly SqliteCommand _deleteNode;
    private readonly SqliteCommand _deleteNodes;
    private readonly SqliteCommand _appendEvent;
    private readonly SqliteCommand _pruneEvents;
    private readonly SqliteCommand _deletePurged;
    private readonly List<Event> _events = [];
    private PdsDbContext? _context; // made when it is asked for: EF Core's model takes as long as all the rest of a start
    private long _seq;
    private long _eventTime;
    private (int Events, long Seq) _marked;

    public CommitWriter(SqliteDatabase database, TimeProvider time)
    {
        _time = time;
        _connection = database.Open();
        _begin = _connection.Prepare("BEGIN IMMEDIATE");
        _commit = _connection.Prepare("COMMIT");
        _mark = _connection.Prepare("SAVEPOINT entry");
        _keep = _connection.Prepare("RELEASE entry");
        _undo = _connection.Prepare("ROLLBACK TO entry; RELEASE entry");
        _lastEvent = _connection.Prepare($"SELECT seq, time FROM {EventRow.Table} ORDER BY seq DESC LIMIT 1");
        _countChanges = _connection.Prepare("SELECT total_changes()");
        _insertRepo = _connection.Prepare($"INSERT INTO {RepoRow.Table} (account_id, rev, head, checkpoint) VALUES ($0, $1, $2, NULL)", 3);
        _advanceRepo = _connection.Prepare($"UPDATE {RepoRow.Table} SET rev = $2, head = $3 WHERE account_id = $0 AND rev = $1", 4);
        _setCheckpoint = _connection.Prepare($"UPDATE {RepoRow.Table} SET checkpoint = $3 WHERE account_id = $0 AND rev = $1 AND checkpoint IS $2", 4);
        _clearCheckpoint = _connection.Prepare($"UPDATE {RepoRow.Table} SET checkpoint = NULL WHERE account_id = $0", 1);
        _putRecord = _connection.Prepare($"""
            INSERT INTO {RecordRow.Table} (account_id, path, cid, rev, cbor, link) VALUES ($0, $1, $2, $3, $4, $5)
            ON CONFLICT (account_id, path) DO UPDATE SET cid = excluded.cid, rev = excluded.rev, cbor = excluded.cbor, link = excluded.link
            """, 6);
        _deleteRecord = _connection.Prepare($"DELETE FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1", 2);
        _putNode = _connection.Prepare($"""
            INSERT INTO {MstNodeRow.Table} (account_id, cid, rev, bytes) VALUES ($0, $1, $2, $3)
            ON CONFLICT (account_id, cid) DO UPDATE SET rev = excluded.rev
            """, 4);
        _deleteNode = _connection.Prepare($"DELETE FROM {MstNodeRow.Table} WHERE account_id = $0 AND cid = $1", 2);
        _deleteNodes = _connection.Prepare($"DELETE FROM {MstNodeRow.Table} WHERE account_id = $0", 1);
        _appendEvent = _connection.Prepare($"INSERT INTO {EventRow.Table} (seq, time, account_id, frame) VALUES ($0, $1, $2, $3)", 4);
        _pruneEvents = _connection.Prepare($"DELETE FROM {EventRow.Table} WHERE seq IN (SELECT seq FROM {EventRow.Table} WHERE seq <= $0 ORDER BY seq LIMIT $1)", 2);
        _deletePurged = _connection.Prepare($"""
            DELETE FROM {EventRow.Table}
            WHERE seq > $0 AND seq <= $1 AND account_id IN (SELECT account_id FROM {PurgedEventsRow.Table})
            """, 2);

        Blobs = new BlobWriter(_connection);
        Imports = new ImportWriter(_connection, Blobs);
    }

    /// <summary>The service tables, within the writer's transaction. Empty of tracked entities at the start of each entry.</summary>
    public PdsDbContext Context => _context ??= OpenContext();

    /// <summary>What imports need beyond that, within the writer's transaction.</summary>
    public ImportWriter Imports { get; }

    /// <summary>The blob tables, within the writer's transaction.</summary>
    public BlobWriter Blobs { get; }

    public long ReadLastSeq()
    {
        using SqliteDataReader reader = _lastEvent.ExecuteReader();
        return reader.Read() ? reader.GetInt64(0) : 0;
    }

    /// <summary>How many rows were inserted, updated or deleted on this connection so far.</summary>
    public long CountChanges() => (long)_countChanges.ExecuteScalar()!;

    public void Begin()
    {
        _events.Clear();
        _begin.ExecuteNonQuery();
        using SqliteDataReader reader = _lastEvent.ExecuteReader();
        (_seq, _eventTime) = reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    /// <summary>Makes everything since <see cref="Begin"/> durable and gives the events it announced.</summary>
    public IReadOnlyList<Event> Commit()
    {
        _commit.ExecuteNonQuery();
        return [.. _events];
    }

    /// <summary>Starts one entry of the group.</summary>
    public void Mark()
    {
        _mark.ExecuteNonQuery();
        _marked = (_events.Count, _seq);
    }

    public void Keep()
    {
        _keep.ExecuteNonQuery();
        _context?.ChangeTracker.Clear();
    }

    public void Undo()
    {
        _undo.ExecuteNonQuery();
        _context?.ChangeTracker.Clear();
        _events.RemoveRange(_marked.Events, _events.Count - _marked.Events);
        _seq = _marked.Seq;
    }

    /// <summary>Keeps a commit: head, records and event.</summary>
    /// <exception cref="ConcurrentWriteException">The stored head is not the one that the change was built upon.</exception>
    public void ApplyChange(long accountId, RepositoryChange change)
    {
        if (change.Previous is { } previous)
        {
            if (_advanceRepo.Execute(accountId, previous.Rev.Value, change.Commit.Rev.Value, ToArray(change.Commit.Bytes)) == 0)
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

    /// <summary>Takes the next sequence number and keeps the event under it.</summary>
    /// <param name="accountId">Whose event; <see cref="EventRow.NoAccount"/> for one that must outlive its account.</param>
    /// <param name="repoEvent">The event.</param>
    public void AppendEvent(long accountId, RepoEvent repoEvent)
    {
        _eventTime = Math.Max(_eventTime, _time.GetUtcNow().ToUnixTimeMilliseconds());
        byte[] frame = EventFrame.Encode(repoEvent, ++_seq, DateTimeOffset.FromUnixTimeMilliseconds(_eventTime));
        _appendEvent.Execute(_seq, _eventTime, accountId, frame);
        _events.Add(new Event(_seq, accountId, frame));
    }

    /// <summary>Stops serving the events of an account; the account's last words must come after this call, under <see cref="EventRow.NoAccount"/>.</summary>
    public void PurgeEvents(long accountId)
    {
        Context.Add(new PurgedEventsRow { AccountId = accountId });
        Context.SaveChanges();
        _events.RemoveAll(sequenced => sequenced.AccountId == accountId);
        _events.Add(new Event(_seq, accountId, Frame: null));
    }

    /// <summary>Deletes events that nobody is served any more, in the order of their numbers.</summary>
    /// <param name="last">Highest number to delete, inclusive; the newest event always stays, because numbering goes on from it.</param>
    /// <param name="limit">At most so many.</param>
    /// <returns>How many were deleted.</returns>
    public int PruneEvents(long last, int limit) => _pruneEvents.Execute(Math.Min(last, _seq - 1), limit);

    /// <summary>Deletes the events of purged accounts within a range of numbers.</summary>
    public void DeletePurgedEvents(long after, long last) => _deletePurged.Execute(after, Math.Min(last, _seq - 1));

    public void Dispose()
    {
        _context?.Dispose();
        _connection.Dispose();
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    private PdsDbContext OpenContext()
    {
        DbContextOptionsBuilder<PdsDbContext> options = new();
        options.UseSqlite(_connection);
        PdsDbContext context = new(options.Options);
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never; // the writer's own transaction is open already
        return context;
    }
}
