using System.Data.Common;
using Pds.Application.Repositories;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>
/// Puts staged rows in the place of an account's. Staged rows lie in the tables of the live ones, under an account id less than zero, which
/// nobody asks for; so a whole repository comes in small transactions, and the last one only changes their account.
/// </summary>
internal sealed class ImportWriter(DbConnection connection, BlobWriter blobs) : IWritePart<ImportWriter>
{
    private readonly DbCommand _setHead = connection.Prepare(
        $"UPDATE {RepoRow.Table} SET rev = $2, head = $3, checkpoint = $4 WHERE account_id = $0 AND rev = $1 AND epoch = $5", 6);

    private readonly DbCommand _replaceRecords = connection.Prepare(
        $"""
        DELETE FROM {RecordRow.Table} WHERE account_id = $0 AND path IN (SELECT path FROM {RecordRow.Table} WHERE account_id = $1);
        DELETE FROM {RecordRow.Table} WHERE account_id = $1 AND length(cid) = 0;
        UPDATE {RecordRow.Table} SET account_id = $0 WHERE account_id = $1;
        """,
        2);

    private readonly DbCommand _replaceNodes = connection.Prepare(
        $"""
        DELETE FROM {MstNodeRow.Table} WHERE account_id = $0;
        UPDATE {MstNodeRow.Table} SET account_id = $0 WHERE account_id = $1;
        """,
        2);

    private readonly DbCommand _isActive = connection.Prepare($"SELECT takedown_ref IS NULL AND deactivated_at IS NULL FROM {SharedTables.Account} WHERE id = $0", 1);
    private readonly DbCommand[] _discards =
    [
        connection.Prepare(Discard(RecordRow.Table, "path"), 3),
        connection.Prepare(Discard(MstNodeRow.Table, "cid"), 3),
        connection.Prepare(Discard(RecordBlobRow.Table, "cid, path"), 3),
    ];

    public static ImportWriter Over(WriteTransaction transaction) => new(transaction.Connection, transaction.Part<BlobWriter>());

    /// <summary>Makes the staged rows those of an account, with a new head whose tree the staged nodes are.</summary>
    /// <exception cref="ConcurrentWriteException">The stored head, or the epoch, is not the one the rows were staged for.</exception>
    public void Replace(long accountId, long stagingId, StoredHead before, Commit after, DateTimeOffset now)
    {
        if (_setHead.Execute(accountId, before.Commit.Rev.Value, after.Rev.Value, after.Bytes.ToArray(), after.Data.ToArray(), before.Epoch) == 0)
        {
            throw new ConcurrentWriteException();
        }

        blobs.Replace(accountId, stagingId, now);
        _replaceRecords.Execute(accountId, stagingId);
        _replaceNodes.Execute(accountId, stagingId);
    }

    public bool IsActive(long accountId)
    {
        _isActive.Parameters[0].Value = accountId;
        return _isActive.ExecuteScalar() is 1L;
    }

    /// <summary>Deletes staged rows.</summary>
    /// <param name="first">Least staging id.</param>
    /// <param name="last">Greatest staging id.</param>
    /// <param name="limit">At most so many of each table.</param>
    /// <returns>How many were deleted.</returns>
    public int Discard(long first, long last, int limit) =>
        _discards.Sum(discard => discard.Execute(first, last, limit));

    private static string Discard(string table, string key) =>
        $"DELETE FROM {table} WHERE (account_id, {key}) IN (SELECT account_id, {key} FROM {table} WHERE account_id BETWEEN $0 AND $1 LIMIT $2)";
}
