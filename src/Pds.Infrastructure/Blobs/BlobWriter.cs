using System.Data.Common;
using System.Security.Cryptography;
using Pds.Application.Blobs;
using Pds.Application.Repositories;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Blobs;

/// <summary>The writing side of the blob tables.</summary>
/// <remarks>
/// A record that is created without blobs costs nothing here. For one that is updated or deleted, one lookup in the index (account, path) tells whether
/// its old version referred to blobs; that is cheaper than reading the old bytes, and right also where they were imported.
/// </remarks>
internal sealed class BlobWriter(DbConnection connection) : IWritePart<BlobWriter>
{
    private readonly DbCommand _references = connection.Prepare($"SELECT cid FROM {RecordBlobRow.Table} WHERE account_id = $0 AND path = $1", 2);
    private readonly DbCommand _unlink = connection.Prepare($"DELETE FROM {RecordBlobRow.Table} WHERE account_id = $0 AND path = $1", 2);
    private readonly DbCommand _link = connection.Prepare($"INSERT OR IGNORE INTO {RecordBlobRow.Table} (account_id, cid, path) VALUES ($0, $1, $2)", 3);
    private readonly DbCommand _isReferenced = connection.Prepare($"SELECT 1 FROM {RecordBlobRow.Table} WHERE account_id = $0 AND cid = $1 LIMIT 1", 2);
    private readonly DbCommand _find = connection.Prepare(BlobReader.FindSql, 2);
    private readonly DbCommand _sum = connection.Prepare($"SELECT coalesce(sum(size), 0) FROM {BlobRow.Table} WHERE account_id = $0", 1);
    private readonly DbCommand _insert = connection.Prepare(
        $"INSERT INTO {BlobRow.Table} (account_id, cid, mime_type, size, temp_key, created_at) VALUES ($0, $1, $2, $3, $4, $5)", 6);

    private readonly DbCommand _renew = connection.Prepare($"UPDATE {BlobRow.Table} SET temp_key = $2, created_at = $3 WHERE account_id = $0 AND cid = $1", 4);
    private readonly DbCommand _promote = connection.Prepare(
        $"UPDATE {BlobRow.Table} SET temp_key = NULL WHERE account_id = $0 AND cid = $1 AND temp_key = $2", 3);

    private readonly DbCommand _delete = connection.Prepare($"DELETE FROM {BlobRow.Table} WHERE account_id = $0 AND cid = $1", 2);
    private readonly DbCommand _expire = connection.Prepare(
        $"""
        DELETE FROM {BlobRow.Table} WHERE account_id = $0 AND cid = $1 AND temp_key = $2 AND takedown_ref IS NULL
        AND NOT EXISTS (SELECT 1 FROM {RecordBlobRow.Table} AS r WHERE r.account_id = $0 AND r.cid = $1)
        """,
        3);

    private readonly DbCommand _takeDown = connection.Prepare($"UPDATE {BlobRow.Table} SET takedown_ref = $2 WHERE account_id = $0 AND cid = $1", 3);

    private readonly DbCommand _replacedReferences = connection.Prepare($"SELECT DISTINCT cid {OfReplacedRecords}", 2);
    private readonly DbCommand _replace = connection.Prepare(
        $"DELETE {OfReplacedRecords}; UPDATE {RecordBlobRow.Table} SET account_id = $0 WHERE account_id = $1", 2);

    private const string OfReplacedRecords =
        $"FROM {RecordBlobRow.Table} WHERE account_id = $0 AND path IN (SELECT path FROM {SharedTables.Record} WHERE account_id = $1)";

    public static BlobWriter Over(WriteTransaction transaction) => new(transaction.Connection);

    /// <summary>
    /// Follows an import: staged references take the place of those that the records about to be replaced have. Blobs that nothing refers to any more become
    /// temporary, since the next import may refer to them again; their files stay where they are until then.
    /// </summary>
    /// <param name="accountId">Whose records.</param>
    /// <param name="stagingId">Under which id the new records and references lie; of another account that does not exist.</param>
    /// <param name="now">When they became temporary.</param>
    public void Replace(long accountId, long stagingId, DateTimeOffset now)
    {
        var dropped = new HashSet<Cid>();
        using (DbDataReader row = _replacedReferences.Read(accountId, stagingId))
        {
            while (row.Read())
            {
                dropped.Add(BlobReader.ToCid(row, 0));
            }
        }

        _replace.Execute(accountId, stagingId);
        foreach (Cid cid in dropped)
        {
            byte[] bytes = cid.ToArray();
            if (!IsReferenced(accountId, bytes) && Find(accountId, cid) is { TakedownRef: null } blob)
            {
                string key = blob.TempKey ?? BlobFile.NewKey(RandomNumberGenerator.GetBytes(BlobFile.KeyBytes));
                _renew.Execute(accountId, bytes, key, now.ToUnixTimeMilliseconds());
            }
        }
    }

    /// <summary>Follows a commit: notes what its records refer to now, makes the blobs permanent, and forgets those that nothing refers to any more.</summary>
    /// <param name="accountId">Whose commit.</param>
    /// <param name="change">The commit.</param>
    /// <param name="claims">What was made sure of before, see <see cref="BlobFiles.ClaimAsync"/>.</param>
    /// <returns>The blobs that are gone; their files are to be deleted once the transaction is durable.</returns>
    /// <exception cref="XrpcException">BlobNotFound: a blob went away since it was claimed.</exception>
    /// <exception cref="ConcurrentWriteException">A blob was uploaded anew since it was claimed.</exception>
    public IReadOnlyList<ReleasedBlob> Apply(long accountId, RepositoryChange change, BlobClaims claims)
    {
        HashSet<Cid>? dropped = null;
        foreach (RepositoryOp op in change.Ops)
        {
            if (op.Action != WriteAction.Create)
            {
                Unlink(accountId, op.Path.ToString(), ref dropped);
            }

            if (op.Record?.FindBlobs() is { Count: > 0 } blobs)
            {
                Link(accountId, op.Path, blobs);
                foreach (BlobRef blob in blobs)
                {
                    Take(accountId, blob.Cid, claims);
                }
            }
        }

        return dropped is null ? [] : Release(accountId, dropped);
    }

    /// <summary>Notes what a record refers to without asking whether it is here, as imports do.</summary>
    public void Link(long accountId, RecordPath path, IReadOnlyList<BlobRef> blobs)
    {
        foreach (BlobRef blob in blobs)
        {
            _link.Execute(accountId, blob.Cid.ToArray(), path.ToString());
        }
    }

    /// <summary>Enters an upload.</summary>
    /// <returns>The blob as it was before, or <see langword="null"/>, and whether records refer to it.</returns>
    /// <exception cref="XrpcException">InvalidRequest, BlobQuotaExceeded.</exception>
    public (BlobEntry? Before, bool IsReferenced) Add(long accountId, BlobEntry blob, DateTimeOffset now, long? quota)
    {
        byte[] cid = blob.Cid.ToArray();
        BlobEntry? before = Find(accountId, blob.Cid);
        if (before?.TakedownRef is not null)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Blob has been takendown, cannot re-upload");
        }

        if (before is null)
        {
            if (quota is { } limit && ReadSum(accountId) + blob.Size > limit)
            {
                throw new XrpcException(BlobErrors.QuotaExceeded, "The account has no room for this blob");
            }

            _insert.Execute(accountId, cid, blob.MimeType, blob.Size, blob.TempKey!, now.ToUnixTimeMilliseconds());
        }
        else if (before.TempKey is not null)
        {
            _renew.Execute(accountId, cid, blob.TempKey!, now.ToUnixTimeMilliseconds());
        }

        return (before, IsReferenced(accountId, cid));
    }

    /// <summary>Makes a blob permanent; <see langword="false"/> when it is not the upload it was.</summary>
    public bool Promote(long accountId, Cid cid, string key) => _promote.Execute(accountId, cid.ToArray(), key) > 0;

    /// <summary>Deletes an upload unless a record refers to it by now, or it is another one by now.</summary>
    public bool Expire(long accountId, Cid cid, string key) => _expire.Execute(accountId, cid.ToArray(), key) > 0;

    /// <summary>Takes a blob down or lifts that.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="cid">Which.</param>
    /// <param name="takedownRef">The operator's note; <see langword="null"/> lifts the takedown.</param>
    /// <param name="released">The blob, if it is gone: had it not been taken down, it would have gone with the last record that referred to it.</param>
    /// <returns><see langword="false"/> when there is no such blob.</returns>
    public bool TakeDown(long accountId, Cid cid, string? takedownRef, out ReleasedBlob? released)
    {
        released = null;
        byte[] bytes = cid.ToArray();
        if (takedownRef is null && Find(accountId, cid) is { TakedownRef: not null, TempKey: null } && !IsReferenced(accountId, bytes))
        {
            released = new ReleasedBlob(cid, TempKey: null, IsQuarantined: true);
            return _delete.Execute(accountId, bytes) > 0;
        }

        return _takeDown.Execute(accountId, bytes, takedownRef is null ? DBNull.Value : takedownRef) > 0;
    }

    private void Unlink(long accountId, string path, ref HashSet<Cid>? dropped)
    {
        bool any = false;
        using (DbDataReader row = _references.Read(accountId, path))
        {
            while (row.Read())
            {
                any = true;
                (dropped ??= []).Add(BlobReader.ToCid(row, 0));
            }
        }

        if (any)
        {
            _unlink.Execute(accountId, path);
        }
    }

    private void Take(long accountId, Cid cid, BlobClaims claims)
    {
        if (Find(accountId, cid) is not { TakedownRef: null } blob)
        {
            throw BlobFiles.NotFound(cid);
        }

        if (blob.TempKey is { } key && !(claims.IsFor(cid, key) && Promote(accountId, cid, key)))
        {
            throw new ConcurrentWriteException();
        }
    }

    // A taken-down blob stays known, so that it cannot come back by another upload.
    private List<ReleasedBlob> Release(long accountId, HashSet<Cid> dropped)
    {
        var released = new List<ReleasedBlob>();
        foreach (Cid cid in dropped)
        {
            byte[] bytes = cid.ToArray();
            if (!IsReferenced(accountId, bytes) && Find(accountId, cid) is { TakedownRef: null } blob)
            {
                _delete.Execute(accountId, bytes);
                released.Add(new ReleasedBlob(cid, blob.TempKey));
            }
        }

        return released;
    }

    private bool IsReferenced(long accountId, byte[] cid)
    {
        using DbDataReader row = _isReferenced.Read(accountId, cid);
        return row.Read();
    }

    private BlobEntry? Find(long accountId, Cid cid)
    {
        using DbDataReader row = _find.Read(accountId, cid.ToArray());
        return row.Read() ? BlobReader.ToEntry(cid, row) : null;
    }

    private long ReadSum(long accountId)
    {
        using DbDataReader row = _sum.Read(accountId);
        return row.Read() ? row.GetInt64(0) : 0;
    }
}

/// <summary>A blob that the database has forgotten and whose files may go.</summary>
/// <param name="Cid">The blob.</param>
/// <param name="TempKey">The temporary file it had; <see langword="null"/> for a permanent one.</param>
/// <param name="IsQuarantined">Whether it was taken down until now.</param>
internal readonly record struct ReleasedBlob(Cid Cid, string? TempKey, bool IsQuarantined = false);
