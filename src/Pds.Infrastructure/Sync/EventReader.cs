using System.Data.Common;
using Pds.Application.Sync;
using Pds.Domain.Sync;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Sync;

/// <summary>The reading side of the event log.</summary>
internal sealed class EventReader(DbConnection connection) : IReadPart<EventReader>
{
    private readonly DbCommand _events = connection.Prepare(
        $"""
        SELECT seq, length(body), body, time FROM {EventRow.Table}
        WHERE seq > $0 AND seq <= $1 AND account_id NOT IN (SELECT account_id FROM {PurgedEventsRow.Table}) ORDER BY seq LIMIT $2
        """,
        3);

    private readonly DbCommand _eventTime = connection.Prepare($"SELECT time, seq FROM {EventRow.Table} WHERE seq >= $0 ORDER BY seq LIMIT 1", 1);

    // Each by itself is one step in the index; asked for together they are a walk through the table.
    private readonly DbCommand _eventRange = connection.Prepare($"SELECT (SELECT min(seq) FROM {EventRow.Table}), (SELECT max(seq) FROM {EventRow.Table})");
    private readonly DbCommand _purged = connection.Prepare($"SELECT account_id FROM {PurgedEventsRow.Table}");

    public static EventReader Over(ReadConnection connection) => new(connection.Connection);

    public EventPage Read(long after, long last, int limit, int maxBytes)
    {
        var frames = new List<SequencedFrame>();
        using DbDataReader row = _events.Read(after, last, limit);
        for (int left = maxBytes; row.Read();)
        {
            int length = row.GetInt32(1) + EventBody.MeasureNumber(row.GetInt64(0));
            left -= length;
            if (left < 0)
            {
                return frames.Count == 0 ? new EventPage([], length) : new EventPage(frames);
            }

            frames.Add(new Event(row.GetInt64(0), row.GetInt64(3), EventRow.NoAccount, row.GetFieldValue<byte[]>(2)).ToFrame());
        }

        return new EventPage(frames);
    }

    /// <summary>The lowest sequence number whose time is at or after the given one, found by halving the range.</summary>
    public long? FindFirstSince(long unixMilliseconds)
    {
        long low;
        long high;
        using (DbDataReader range = _eventRange.Read())
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
            using DbDataReader row = _eventTime.Read(middle);
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
        using DbDataReader row = _purged.Read();
        while (row.Read())
        {
            accounts.Add(row.GetInt64(0));
        }

        return accounts;
    }
}
