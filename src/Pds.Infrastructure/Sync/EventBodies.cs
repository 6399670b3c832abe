using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Pds.Domain.Sync;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Sync;

/// <summary>Takes the numbers out of events that an earlier version kept as whole frames.</summary>
/// <remarks>
/// The migration that renames the column leaves a row in the server's values that says how far this has come. Each step moves it on in its own transaction, so
/// a process that is killed goes on where it was, and no step makes the write-ahead log long.
/// </remarks>
internal sealed partial class EventBodies(ILogger<EventBodies> logger) : IDatabaseStart
{
    /// <summary>Name of the row that says up to which number frames have become bodies. There is none where nothing is left to do.</summary>
    public const string Position = "event_bodies";

    private const int StepEvents = 1000;
    private const int StepBytes = 16 * 1024 * 1024;

    public void Apply(DbConnection connection, SqlDialect dialect)
    {
        using DbCommand position = connection.Prepare($"SELECT value FROM {ServerCheckRow.Table} WHERE name = '{Position}'");
        long events = 0;
        while (position.ExecuteScalar() is byte[] text)
        {
            using DbTransaction transaction = connection.BeginTransaction();
            events += CarryOver(connection, transaction, long.Parse(Encoding.ASCII.GetString(text), CultureInfo.InvariantCulture));
            transaction.Commit();
        }

        if (events > 0)
        {
            LogCarriedOver(logger, events);
        }
    }

    private static int CarryOver(DbConnection connection, DbTransaction transaction, long after)
    {
        using DbCommand select = connection.Prepare($"SELECT seq, body FROM {EventRow.Table} WHERE seq > $0 ORDER BY seq LIMIT {StepEvents}", 1);
        using DbCommand update = connection.Prepare($"UPDATE {EventRow.Table} SET body = $1 WHERE seq = $0", 2);
        using DbCommand advance = connection.Prepare($"UPDATE {ServerCheckRow.Table} SET value = $0 WHERE name = '{Position}'", 1);
        using DbCommand end = connection.Prepare($"DELETE FROM {ServerCheckRow.Table} WHERE name = '{Position}'");
        (select.Transaction, update.Transaction, advance.Transaction, end.Transaction) = (transaction, transaction, transaction, transaction);

        List<(long Seq, byte[] Body)> step = [];
        using (DbDataReader row = select.Read(after))
        {
            for (int bytes = 0; bytes < StepBytes && row.Read();)
            {
                byte[] frame = row.GetFieldValue<byte[]>(1);
                bytes += frame.Length;
                step.Add((row.GetInt64(0), EventBody.FromFrame(frame)));
            }
        }

        foreach ((long seq, byte[] body) in step)
        {
            update.Execute(seq, body);
        }

        _ = step.Count > 0
            ? advance.Execute(Encoding.ASCII.GetBytes(step[^1].Seq.ToString(CultureInfo.InvariantCulture)))
            : end.ExecuteNonQuery();
        return step.Count;
    }

    [LoggerMessage(EventId = 2051, Level = LogLevel.Information, Message = "{Count} events were carried over to the form without numbers")]
    private static partial void LogCarriedOver(ILogger logger, long count);
}
