using System.Data.Common;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>The reading side of the repository tables.</summary>
internal sealed class RepositoryReader : IReadPart<RepositoryReader>
{
    /// <summary>Less than every revision.</summary>
    private const long NoRev = -1;

    /// <summary>That a record is not taken down; the table is small, most often empty.</summary>
    private const string IsServed =
        $"NOT EXISTS (SELECT 1 FROM {RecordTakedownRow.Table} AS t WHERE t.account_id = {RecordRow.Table}.account_id AND t.path = {RecordRow.Table}.path)";

    private readonly DbCommand _head;
    private readonly DbCommand _node;
    private readonly DbCommand _record;
    private readonly DbCommand _version;
    private readonly DbCommand _servedRecord;
    private readonly DbCommand _recordByCid;
    private readonly DbCommand _records;
    private readonly DbCommand _recordBlocks;
    private readonly DbCommand _entries;
    private readonly DbCommand _listDescending;
    private readonly DbCommand _listAscending;
    private readonly DbCommand _listLinked;
    private readonly DbCommand _nextPath;
    private readonly DbCommand _reposWith;

    private RepositoryReader(DbConnection connection)
    {
        _head = connection.Prepare($"SELECT head, checkpoint, epoch FROM {RepoRow.Table} WHERE account_id = $0", 1);
        _node = connection.Prepare($"SELECT rev, bytes FROM {MstNodeRow.Table} WHERE account_id = $0 AND cid = $1", 2);
        _record = connection.Prepare($"SELECT cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1", 2);
        _version = connection.Prepare($"SELECT cid, rev, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1", 2);
        _servedRecord = connection.Prepare($"SELECT cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND path = $1 AND {IsServed}", 2);
        _recordByCid = connection.Prepare($"SELECT cbor FROM {RecordRow.Table} WHERE account_id = $0 AND cid = $1 LIMIT 1", 2);
        _records = connection.Prepare($"SELECT path, cid, rev, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND rev > $1 ORDER BY path", 2);
        _recordBlocks = connection.Prepare($"SELECT cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 ORDER BY path", 1);
        _entries = connection.Prepare($"SELECT path, cid FROM {RecordRow.Table} WHERE account_id = $0 ORDER BY path", 1);
        _listDescending = connection.Prepare($"""
            SELECT path, cid, cbor FROM {RecordRow.Table}
            WHERE account_id = $0 AND path > $1 AND path < $2 AND {IsServed} ORDER BY path DESC LIMIT $3
            """, 4);
        _listAscending = connection.Prepare($"""
            SELECT path, cid, cbor FROM {RecordRow.Table}
            WHERE account_id = $0 AND path > $1 AND path < $2 AND {IsServed} ORDER BY path LIMIT $3
            """, 4);
        _listLinked = connection.Prepare($"SELECT path, cid, cbor FROM {RecordRow.Table} WHERE account_id = $0 AND link = $1", 2);
        _nextPath = connection.Prepare($"SELECT path FROM {RecordRow.Table} WHERE account_id = $0 AND path > $1 ORDER BY path LIMIT 1", 2);
        _reposWith = connection.Prepare($"""
            SELECT did FROM {SharedTables.Account}
            WHERE did > $2 AND takedown_ref IS NULL AND deactivated_at IS NULL
            AND EXISTS (SELECT 1 FROM {RecordRow.Table} WHERE account_id = {SharedTables.Account}.id AND path > $0 AND path < $1) ORDER BY did LIMIT $3
            """, 4);
    }

    public static RepositoryReader Over(ReadConnection connection) => new(connection.Connection);

    public StoredHead? FindHead(long accountId)
    {
        using DbDataReader row = _head.Read(accountId);
        return row.Read()
            ? new StoredHead(Commit.Decode(row.GetFieldValue<byte[]>(0)), row.IsDBNull(1) ? null : ToCid(row.GetFieldValue<byte[]>(1)), row.GetInt64(2))
            : null;
    }

    public MstNode? FindNode(long accountId, Cid cid)
    {
        using DbDataReader row = _node.Read(accountId, cid.ToArray());
        return row.Read() ? MstNode.Decode(cid, row.GetFieldValue<byte[]>(1), Tid.FromValue(row.GetInt64(0))) : null;
    }

    public (Cid Cid, byte[] Cbor)? FindRecord(long accountId, RecordPath path)
    {
        using DbDataReader row = _record.Read(accountId, path.ToString());
        return row.Read() ? (ToCid(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1)) : null;
    }

    public SnapshotRecord? FindVersion(long accountId, string path)
    {
        using DbDataReader row = _version.Read(accountId, path);
        return row.Read() ? new SnapshotRecord(path, ToCid(row.GetFieldValue<byte[]>(0)), Tid.FromValue(row.GetInt64(1)), row.GetFieldValue<byte[]>(2)) : null;
    }

    /// <summary>A record that is not taken down.</summary>
    public (Cid Cid, byte[] Cbor)? FindServedRecord(long accountId, RecordPath path)
    {
        using DbDataReader row = _servedRecord.Read(accountId, path.ToString());
        return row.Read() ? (ToCid(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Looks through all records of the account: a rarely asked question is not worth an index that every write pays for.</summary>
    public byte[]? FindRecordByCid(long accountId, Cid cid)
    {
        using DbDataReader row = _recordByCid.Read(accountId, cid.ToArray());
        return row.Read() ? row.GetFieldValue<byte[]>(0) : null;
    }

    public IEnumerable<SnapshotRecord> ReadRecords(long accountId, Tid? since)
    {
        using DbDataReader row = _records.Read(accountId, since?.Value ?? NoRev);
        while (row.Read())
        {
            yield return new SnapshotRecord(
                row.GetString(0), ToCid(row.GetFieldValue<byte[]>(1)), Tid.FromValue(row.GetInt64(2)), row.GetFieldValue<byte[]>(3));
        }
    }

    /// <summary>What an export takes of the records, in the order of their paths.</summary>
    public IEnumerable<Block> ReadRecordBlocks(long accountId)
    {
        using DbDataReader row = _recordBlocks.Read(accountId);
        while (row.Read())
        {
            yield return new Block(ToCid(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1));
        }
    }

    /// <summary>What the tree is a function of.</summary>
    public IEnumerable<MstEntry> ReadEntries(long accountId)
    {
        using DbDataReader row = _entries.Read(accountId);
        while (row.Read())
        {
            yield return new MstEntry(row.GetString(0), ToCid(row.GetFieldValue<byte[]>(1)));
        }
    }

    /// <summary>Records between two paths, both exclusive, without those that are taken down.</summary>
    public IReadOnlyList<StoredRecord> ListRecords(long accountId, string after, string before, int limit, int maxBytes, bool ascending)
    {
        using DbDataReader row = (ascending ? _listAscending : _listDescending).Read(accountId, after, before, limit);
        return ReadAll(row, limit, maxBytes);
    }

    /// <summary>Records whose link has the given hash.</summary>
    public IReadOnlyList<StoredRecord> ListRecordsLinked(long accountId, long link)
    {
        using DbDataReader row = _listLinked.Read(accountId, link);
        return ReadAll(row, capacity: 0, int.MaxValue);
    }

    private static List<StoredRecord> ReadAll(DbDataReader row, int capacity, int maxBytes)
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
        using DbDataReader row = _nextPath.Read(accountId, after);
        return row.Read() ? row.GetString(0) : null;
    }

    /// <summary>Active accounts that have a record between two paths, both exclusive: one hop into the index for each account passed over.</summary>
    public IReadOnlyList<Did> ListReposWith(string after, string before, string afterDid, int limit)
    {
        var dids = new List<Did>();
        using DbDataReader row = _reposWith.Read(after, before, afterDid, limit);
        while (row.Read())
        {
            dids.Add(Did.Parse(row.GetString(0)));
        }

        return dids;
    }

    private static Cid ToCid(byte[] bytes) =>
        Cid.TryRead(bytes, out Cid cid) ? cid : throw new InvalidDataException("The database holds bytes that are not a CID.");
}

/// <summary>What the row of a repository says.</summary>
/// <param name="Commit">Its head.</param>
/// <param name="Checkpoint">Root of the tree whose nodes are stored; <see langword="null"/> for none.</param>
/// <param name="Epoch">See <see cref="RepoRow.Epoch"/>.</param>
internal sealed record StoredHead(Commit Commit, Cid? Checkpoint, long Epoch);
