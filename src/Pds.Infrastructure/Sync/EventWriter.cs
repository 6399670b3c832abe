using System.Data.Common;
using Pds.Domain.Sync;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Sync;

/// <summary>The writing side of the event log. It collects the events of a transaction and inserts them last, just before it ends.</summary>
/// <remarks>So sequence numbers are given in the order of commits, also where several servers write, and whatever holds them is held for a moment only.</remarks>
internal sealed class EventWriter(DbConnection connection, TimeProvider time) : IWritePart<EventWriter>
{
    private readonly DbCommand _last = connection.Prepare($"SELECT seq, time FROM {EventRow.Table} ORDER BY seq DESC LIMIT 1");
    private readonly DbCommand _append = connection.Prepare($"INSERT INTO {EventRow.Table} (seq, time, account_id, body) VALUES ($0, $1, $2, $3)", 4);
    private readonly DbCommand _purge = connection.Prepare($"INSERT INTO {PurgedEventsRow.Table} (account_id) VALUES ($0)", 1);

    // The newest event always stays, because numbering goes on from it.
    private readonly DbCommand _prune = connection.Prepare(
        $"""
        DELETE FROM {EventRow.Table} WHERE seq IN
        (SELECT seq FROM {EventRow.Table} WHERE seq <= $0 AND seq < (SELECT max(seq) FROM {EventRow.Table}) ORDER BY seq LIMIT $1)
        """,
        2);

    private readonly DbCommand _deletePurged = connection.Prepare(
        $"""
        DELETE FROM {EventRow.Table}
        WHERE seq > $0 AND seq <= $1 AND seq < (SELECT max(seq) FROM {EventRow.Table}) AND account_id IN (SELECT account_id FROM {PurgedEventsRow.Table})
        """,
        2);

    private readonly List<Waiting> _waiting = [];
    private readonly List<Event> _written = [];
    private int _marked;
    private bool _mayPurge; // saves looking through all that waits, for each of it

    /// <summary>The events of the last transaction, in order. Good until the next one begins.</summary>
    public IReadOnlyList<Event> Written => _written;

    public static EventWriter Over(WriteTransaction transaction)
    {
        var writer = new EventWriter(transaction.Connection, transaction.Time);
        transaction.Follow(new TransactionCourse(writer.OnBegin, writer.OnMark, writer.OnUndo, writer.BeforeCommit));
        return writer;
    }

    public long ReadLastSeq() => ReadLast().Seq;

    /// <summary>Keeps an event; its number is given when the transaction ends.</summary>
    /// <param name="accountId">Whose event; <see cref="EventRow.NoAccount"/> for one that must outlive its account.</param>
    /// <param name="repoEvent">The event.</param>
    public void Append(long accountId, RepoEvent repoEvent) => _waiting.Add(new Waiting(accountId, EventBody.Encode(repoEvent)));

    /// <summary>Stops serving the events of an account; the account's last words must come after this call, under <see cref="EventRow.NoAccount"/>.</summary>
    public void Purge(long accountId)
    {
        _purge.Execute(accountId);
        _waiting.Add(new Waiting(accountId, Body: null));
        _mayPurge = true;
    }

    /// <summary>Deletes events that nobody is served any more, in the order of their numbers.</summary>
    /// <param name="last">Highest number to delete, inclusive.</param>
    /// <param name="limit">At most so many.</param>
    /// <returns>How many were deleted.</returns>
    public int Prune(long last, int limit) => _prune.Execute(last, limit);

    /// <summary>Deletes the events of purged accounts within a range of numbers.</summary>
    public void DeletePurged(long after, long last) => _deletePurged.Execute(after, last);

    private void OnBegin()
    {
        _waiting.Clear();
        _written.Clear();
        _mayPurge = false;
    }

    private void OnMark() => _marked = _waiting.Count;

    private void OnUndo() => _waiting.RemoveRange(_marked, _waiting.Count - _marked);

    private void BeforeCommit()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        (long seq, long at) = ReadLast();
        at = Math.Max(at, time.GetUtcNow().ToUnixTimeMilliseconds());
        for (int i = 0; i < _waiting.Count; i++)
        {
            Waiting next = _waiting[i];
            if (next.Body is null)
            {
                _written.Add(new Event(seq, at, next.AccountId, Body: null));
            }
            else if (!IsPurgedAfter(i, next.AccountId))
            {
                _append.Execute(++seq, at, next.AccountId, next.Body);
                _written.Add(new Event(seq, at, next.AccountId, next.Body));
            }
        }
    }

    private bool IsPurgedAfter(int index, long accountId) =>
        _mayPurge && accountId != EventRow.NoAccount && _waiting.FindIndex(index + 1, later => later.Body is null && later.AccountId == accountId) >= 0;

    private (long Seq, long Time) ReadLast()
    {
        using DbDataReader row = _last.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1)) : (0, 0);
    }

    /// <summary>An event without its number; without a body, that the account's events before it are withdrawn.</summary>
    private readonly record struct Waiting(long AccountId, byte[]? Body);
}
