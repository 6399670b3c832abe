using Microsoft.Data.Sqlite;
using Pds.Application.Repositories;
using Pds.Application.Sync;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Repositories;

/// <summary>One connection that reads hot tables, with its commands prepared once. Used by one thread at a time.</summary>
internal sealed class RepositoryReader : IDisposable
{
    /// <summary>Less than every revision.</summary>
    private const long NoRev = -1;

    /// <summary>That a record is not taken down; the table is small, most often empty.</summary>
    private const string IsServed =
        $"NOT EXISTS (SELECT 1 FROM {RecordTakedownRow.Table} AS t WHERE t.account_id = {RecordRow.Table}.account_id AND t.path = {RecordRow.Table}.path)";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _end;
    private readonly SqliteCommand _accountId;
    private readonly SqliteCommand _head;
    private readonly SqliteCommand _node;
    private readonly SqliteCommand _record;
    private readonly SqliteCommand _version;
    private readonly SqliteCommand _servedRecord;
    private readonly SqliteCommand _recordByCid;
    private readonly SqliteCommand _records;
    private readonly SqliteCommand _recordBlocks;
    private readonly SqliteCommand _entries;
    private readonly SqliteCommand _listDescending;
    private readonly SqliteCommand _listAscending;
    private readonly SqliteCommand _listLinked;
    private readonly SqliteCommand _nextPath;
    private readonly SqliteCommand _reposWith;
    private readonly SqliteCommand _events;
    private readonly SqliteCommand _eventTime;
    private readonly SqliteCommand _eventRange;
    private readonly SqliteCommand _purged;
    private readonly SqliteCommand _dueDeletions;
    private readonly SqliteCommand _probe;

    public RepositoryReader(SqliteDatabase database)
    {
        _connection = database.Open();
        Blobs = new BlobReader(_connection);
        _begin = _connection.Prepare("BEGIN");
        _end = _connection.Prepare("COMMIT");
        _probe = _connection.Prepare("SELECT 1 FROM account LIMIT 1");
        _accountId = _connection.Prepare("SELECT id FROM account WHERE did = $0", 1);
        _head = _connection.Prepare($"SELECT head, checkpoint FROM {RepoRow.Table} WHERE account_id = $0", 1);
        _node = _connection.Prepare($"SELECT rev, bytes FROM {MstNodeRow.Table} WHERE account_id = $0 AND cid = $1", 2);
        _record = _connection.Prepare($"SELECT cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1", 2);
        _version = _connection.Prepare($"SELECT cid, rev, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1", 2);
        _servedRecord = _connection.Prepare($"SELECT cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1 AND {IsServed}", 2);
        _recordByCid = _connection.Prepare($"SELECT cbor FROM {RecordRow.Table} WHERE account_id = $0 AND cid = $1 LIMIT 1", 2);
        _records = _connection.Prepare($"SELECT path, cid, rev, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND rev > $1 ORDER BY path", 2);
        _recordBlocks = _connection.Prepare($"SELECT cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 ORDER BY path", 1);
        _entries = _connection.Prepare($"SELECT path, cid FROM {RecordRow.Table} WHERE account_id = $0 ORDER BY path", 1);
        _listDescending = _connection.Prepare($"""
            SELECT path, cid, cbor FROM {RecordRow.Table}
            WHERE account_id = $0 AND path > $1 AND path < $2 AND {IsServed} ORDER BY path DESC LIMIT $3
            """, 4);
        _listAscending = _connection.Prepare($"""
            SELECT path, cid, cbor FROM {RecordRow.Table}
            WHERE account_id = $0 AND path > $1 AND path < $2 AND {IsServed} ORDER BY path LIMIT $3
            """, 4);
        _listLinked = _connection.Prepare($"SELECT path, cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND link = $1", 2);
        _nextPath = _connection.Prepare($"SELECT path FROM {RecordRow.Table} WHERE account_id = $0 AND path > $1 ORDER BY path LIMIT 1", 2);
        _reposWith = _connection.Prepare($"""
            SELECT did FROM account
            WHERE did > $2 AND takedown_ref IS NULL AND deactivated_at IS NULL
            AND EXISTS (SELECT 1 FROM {RecordRow.Table} WHERE account_id = account.id AND path > $0 AND path < $1) ORDER BY did LIMIT $3
            """, 4);
        _events = _connection.Prepare($"""
            SELECT seq, length(frame), frame FROM {EventRow.Table}
            WHERE seq > $0 AND seq <= $1 AND account_id NOT IN (SELECT account_id FROM {PurgedEventsRow.Table}) ORDER BY seq LIMIT $2
            """, 3);
        _eventTime = _connection.Prepare($"SELECT time, seq FROM {EventRow.Table} WHERE seq >= $0 ORDER BY seq LIMIT 1", 1);
        // Each by itself is one step in the index; asked for together they are a walk through the table.
        _eventRange = _connection.Prepare($"SELECT (SELECT min(seq) FROM {EventRow.Table}), (SELECT max(seq) FROM {EventRow.Table})");
        _purged = _connection.Prepare($"SELECT account_id FROM {PurgedEventsRow.Table}");
        _dueDeletions = _connection.Prepare("SELECT did FROM account WHERE delete_after < $0 AND deactivated_at IS NOT NULL AND takedown_ref IS NULL", 1);
    }

    /// <summary>The blob tables, on the same connection.</summary>
    public BlobReader Blobs { get; }

    /// <summary>From here on until <see cref="End"/>, all reads see one state of the database.</summary>
    public void Begin() => _begin.ExecuteNonQuery();

    public void End() => _end.ExecuteNonQuery();

    /// <summary>Reads something; throws when the database does not answer.</summary>
    public void Probe() => _probe.ExecuteScalar();

    public long? FindAccountId(Did did)
    {
        using SqliteDataReader row = _accountId.Read(did.ToString());
        return row.Read() ? row.GetInt64(0) : null;
    }

    public (Commit Head, Cid? Checkpoint)? FindHead(long accountId)
    {
        using SqliteDataReader row = _head.Read(accountId);
        return row.Read()
            ? (Commit.Decode(row.GetFieldValue<byte[]>(0)), row.IsDBNull(1) ? null : ToCid(row.GetFieldValue<byte[]>(1)))
            : null;
    }

    public MstNode? FindNode(long accountId, Cid cid)
    {
        using SqliteDataReader row = _node.Read(accountId, cid.ToArray());
        return row.Read() ? MstNode.Decode(cid, row.GetFieldValue<byte[]>(1), Tid.FromValue(row.GetInt64(0))) : null;
    }

    public (Cid Cid, byte[] Cbor)? FindRecord(long accountId, RecordPath path)
    {
        using SqliteDataReader row = _record.Read(accountId, path.ToString());
        return row.Read() ? (ToCid(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1)) : null;
    }

    public SnapshotRecord? FindVersion(long accountId, string path)
    {
        using SqliteDataReader row = _version.Read(accountId, path);
        return row.Read() ? new SnapshotRecord(path, ToCid(row.GetFieldValue<byte[]>(0)), Tid.FromValue(row.GetInt64(1)), row.GetFieldValue<byte[]>(2)) : null;
    }

    /// <summary>A record that is not taken down.</summary>
    public (Cid Cid, byte[] Cbor)? FindServedRecord(long accountId, RecordPath path)
    {
        using SqliteDataReader row = _servedRecord.Read(accountId, path.ToString());
        return row.Read() ? (ToCid(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Looks through all records of the account: a rarely asked question is not worth an index that every write pays for.</summary>
    public byte[]? FindRecordByCid(long accountId, Cid cid)
    {
        using SqliteDataReader row = _recordByCid.Read(accountId, cid.ToArray());
        return row.Read() ? row.GetFieldValue<byte[]>(0) : null;
    }

    public IEnumerable<SnapshotRecord> ReadRecords(long accountId, Tid? since)
    {
        using SqliteDataReader row = _records.Read(accountId, since?.Value ?? NoRev);
        while (row.Read())
        {
            yield return new SnapshotRecord(
                row.GetString(0), ToCid(row.GetFieldValue<byte[]>(1)), Tid.FromValue(row.GetInt64(2)), row.GetFieldValue<byte[]>(3));
        }
    }

    /// <summary>What an export takes of the records, in the order of their paths.</summary>
    public IEnumerable<Block> ReadRecordBlocks(long accountId)
    {
        using SqliteDataReader row = _recordBlocks.Read(accountId);
        while (row.Read())
        {
            yield return new Block(ToCid(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1));
        }
    }

    /// <summary>What the tree is a function of.</summary>
    public IEnumerable<MstEntry> ReadEntries(long accountId)
    {
        using SqliteDataReader row = _entries.Read(accountId);
        while (row.Read())
        {
            yield return new MstEntry(row.GetString(0), ToCid(row.GetFieldValue<byte[]>(1)));
        }
    }

    /// <summary>Records between two paths, both exclusive, without those that are taken down.</summary>
    public IReadOnlyList<StoredRecord> ListRecords(long accountId, string after, string before, int limit, int maxBytes, bool ascending)
    {
        using SqliteDataReader row = (ascending ? _listAscending : _listDescending).Read(accountId, after, before, limit);
        return ReadAll(row, limit, maxBytes);
    }

    /// <summary>Records whose link has the given hash.</summary>
    public IReadOnlyList<StoredRecord> ListRecordsLinked(long accountId, long link)
    {
        using SqliteDataReader row = _listLinked.Read(accountId, link);
        return ReadAll(row, capacity: 0, int.MaxValue);
    }

    private static List<StoredRecord> ReadAll(SqliteDataReader row, int capacity, int maxBytes)
    {
        var records = new List<StoredRecord>(capacity);
        int left = maxBytes;
        while (row.Read())
        {
            byte[] cbor = row.GetFieldValue<byte[]>(2);
            left -= cbor.Length;
            if (left < 0 && records.Count > 0)
            {
                break;
            }

            string text = row.GetString(0);
            if (!RecordPath.TryParse(text, out RecordPath path))
            {
                throw new InvalidDataException($"The record index holds the path '{text}'.");
            }

            records.Add(new StoredRecord(path, DataMap.FromTrustedCbor(cbor), ToCid(row.GetFieldValue<byte[]>(1))));
        }

        return records;
    }

    /// <summary>The lowest path after a given one, or <see langword="null"/>.</summary>
    public string? FindNextPath(long accountId, string after)
    {
        using SqliteDataReader row = _nextPath.Read(accountId, after);
        return row.Read() ? row.GetString(0) : null;
    }

    /// <summary>Active accounts that have a record between two paths, both exclusive: one hop into the index for each account passed over.</summary>
    public IReadOnlyList<Did> ListReposWith(string after, string before, string afterDid, int limit)
    {
        var dids = new List<Did>();
        using SqliteDataReader row = _reposWith.Read(after, before, afterDid, limit);
        while (row.Read())
        {
            dids.Add(Did.Parse(row.GetString(0)));
        }

        return dids;
    }

    public EventPage ReadEvents(long after, long last, int limit, int maxBytes)
    {
        var frames = new List<SequencedFrame>();
        using SqliteDataReader row = _events.Read(after, last, limit);
        for (int left = maxBytes; row.Read();)
        {
            int length = row.GetInt32(1);
            left -= length;
            if (left < 0)
            {
                return frames.Count == 0 ? new EventPage([], length) : new EventPage(frames);
            }

            frames.Add(new SequencedFrame(row.GetInt64(0), row.GetFieldValue<byte[]>(2)));
        }

        return new EventPage(frames);
    }

    /// <summary>The lowest sequence number whose time is at or after the given one, found by halving the range.</summary>
    public long? FindFirstEventSince(long unixMilliseconds)
    {
        long low;
        long high;
        using (SqliteDataReader range = _eventRange.Read())
        {
            if (!range.Read() || range.IsDBNull(0))
            {
                return null;
            }

            (low, high) = (range.GetInt64(0), range.GetInt64(1) + 1);
        }

        long end = high;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            using SqliteDataReader row = _eventTime.Read(middle);
            if (row.Read() && row.GetInt64(0) < unixMilliseconds)
            {
                low = row.GetInt64(1) + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < end ? low : null;
    }

    /// <summary>Accounts that are gone and whose events are to go.</summary>
    public List<long> ListPurged()
    {
        List<long> accounts = [];
        using SqliteDataReader row = _purged.Read();
        while (row.Read())
        {
            accounts.Add(row.GetInt64(0));
        }

        return accounts;
    }

    /// <summary>Deactivated accounts that their owners want deleted by now. Looks through all accounts, as <see cref="FindRecordByCid"/> does through records.</summary>
    public List<Did> ListDueDeletions(DateTimeOffset now)
    {
        List<Did> due = [];
        using SqliteDataReader row = _dueDeletions.Read(now.ToUnixTimeMilliseconds());
        while (row.Read())
        {
            due.Add(Did.Parse(row.GetString(0)));
        }

        return due;
    }

    public void Dispose() => _connection.Dispose();

    private static Cid ToCid(byte[] bytes) =>
        Cid.TryRead(bytes, out Cid cid) ? cid : throw new InvalidDataException("The database holds bytes that are not a CID.");
}
