using System.Data.Common;
using Pds.Application.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Blobs;

/// <summary>The reading side of the blob tables.</summary>
internal sealed class BlobReader(DbConnection connection) : IReadPart<BlobReader>
{
    public const string FindSql = $"SELECT mime_type, size, temp_key, takedown_ref FROM {BlobRow.Table} WHERE account_id = $0 AND cid = $1";

    private readonly DbCommand _find = connection.Prepare(FindSql, 2);
    private readonly DbCommand _list = connection.Prepare(
        $"SELECT DISTINCT cid FROM {RecordBlobRow.Table} WHERE account_id = $0 AND cid > $1 ORDER BY cid LIMIT $2", 3);

    private readonly DbCommand _listSince = connection.Prepare(
        $"""
        SELECT DISTINCT b.cid FROM {RecordBlobRow.Table} AS b
        JOIN {SharedTables.Record} AS r ON r.account_id = b.account_id AND r.path = b.path AND r.rev > $3
        WHERE b.account_id = $0 AND b.cid > $1 ORDER BY b.cid LIMIT $2
        """,
        4);

    private readonly DbCommand _missing = connection.Prepare(
        $"""
        SELECT b.cid, min(b.path) FROM {RecordBlobRow.Table} AS b
        WHERE b.account_id = $0 AND b.cid > $1
        AND NOT EXISTS (SELECT 1 FROM {BlobRow.Table} AS here WHERE here.account_id = $0 AND here.cid = b.cid)
        GROUP BY b.cid ORDER BY b.cid LIMIT $2
        """,
        3);

    private readonly DbCommand _referencedUploads = connection.Prepare(
        $"""
        SELECT cid FROM {BlobRow.Table} AS b WHERE account_id = $0 AND temp_key IS NOT NULL
        AND EXISTS (SELECT 1 FROM {RecordBlobRow.Table} AS r WHERE r.account_id = $0 AND r.cid = b.cid)
        """,
        1);

    private readonly DbCommand _uploads = connection.Prepare($"SELECT temp_key FROM {BlobRow.Table} WHERE account_id = $0 AND temp_key IS NOT NULL", 1);
    private readonly DbCommand _count = connection.Prepare(
        $"""
        SELECT (SELECT count(DISTINCT cid) FROM {RecordBlobRow.Table} WHERE account_id = $0),
               (SELECT count(*) FROM {BlobRow.Table} AS b WHERE account_id = $0
                AND EXISTS (SELECT 1 FROM {RecordBlobRow.Table} AS r WHERE r.account_id = $0 AND r.cid = b.cid))
        """,
        1);

    private readonly DbCommand _expired = connection.Prepare(
        $"""
        SELECT b.account_id, a.did, b.cid, b.size, b.temp_key,
               EXISTS (SELECT 1 FROM {RecordBlobRow.Table} AS r WHERE r.account_id = b.account_id AND r.cid = b.cid)
        FROM {BlobRow.Table} AS b JOIN {SharedTables.Account} AS a ON a.id = b.account_id
        WHERE b.temp_key IS NOT NULL AND b.created_at < $0 AND b.takedown_ref IS NULL
        ORDER BY b.created_at, b.account_id, b.cid LIMIT $1 OFFSET $2
        """,
        3);

    public static BlobReader Over(ReadConnection connection) => new(connection.Connection);

    public BlobEntry? Find(long accountId, Cid cid)
    {
        using DbDataReader row = _find.Read(accountId, cid.ToArray());
        return row.Read() ? ToEntry(cid, row) : null;
    }

    public List<Cid> ListReferenced(long accountId, Tid? since, Cid? after, int limit)
    {
        using DbDataReader row = since is { } rev
            ? _listSince.Read(accountId, After(after), limit, rev.Value)
            : _list.Read(accountId, After(after), limit);
        var page = new List<Cid>();
        while (row.Read())
        {
            page.Add(ToCid(row, 0));
        }

        return page;
    }

    public List<MissingBlob> ListMissing(long accountId, Cid? after, int limit)
    {
        using DbDataReader row = _missing.Read(accountId, After(after), limit);
        var page = new List<MissingBlob>();
        while (row.Read())
        {
            page.Add(new MissingBlob(ToCid(row, 0), RecordPath.Parse(row.GetString(1))));
        }

        return page;
    }

    /// <summary>The uploads that are still temporary though a record refers to them.</summary>
    public List<Cid> ListReferencedUploads(long accountId)
    {
        using DbDataReader row = _referencedUploads.Read(accountId);
        var uploads = new List<Cid>();
        while (row.Read())
        {
            uploads.Add(ToCid(row, 0));
        }

        return uploads;
    }

    /// <summary>The names of the temporary files that an account is known to have.</summary>
    public HashSet<string> ListUploadKeys(long accountId)
    {
        using DbDataReader row = _uploads.Read(accountId);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (row.Read())
        {
            keys.Add(row.GetString(0));
        }

        return keys;
    }

    public BlobCounts Count(long accountId)
    {
        using DbDataReader row = _count.Read(accountId);
        row.Read();
        return new BlobCounts(row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>A page of the uploads made before a point in time and still temporary, oldest first.</summary>
    public List<ExpiredBlob> ListExpired(DateTimeOffset before, int limit, int offset)
    {
        using DbDataReader row = _expired.Read(before.ToUnixTimeMilliseconds(), limit, offset);
        var page = new List<ExpiredBlob>();
        while (row.Read())
        {
            page.Add(new ExpiredBlob(row.GetInt64(0), Did.Parse(row.GetString(1)), ToCid(row, 2), row.GetInt64(3), row.GetString(4), row.GetBoolean(5)));
        }

        return page;
    }

    /// <summary>Reads a row of <see cref="FindSql"/>.</summary>
    public static BlobEntry ToEntry(Cid cid, DbDataReader row) =>
        new(cid, row.GetString(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3));

    public static Cid ToCid(DbDataReader row, int column) =>
        Cid.TryRead(row.GetFieldValue<byte[]>(column), out Cid cid) ? cid : throw new InvalidDataException("The database holds bytes that are not a CID.");

    /// <summary>Every CID is greater than no bytes.</summary>
    private static byte[] After(Cid? cid) => cid?.ToArray() ?? [];
}

/// <summary>An upload that waited long enough.</summary>
internal sealed record ExpiredBlob(long AccountId, Did Did, Cid Cid, long Size, string TempKey, bool IsReferenced);
