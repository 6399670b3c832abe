using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Settings;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Sync;

/// <summary>Deletes events that have left the backfill window, and those of purged accounts, in steps small enough for no write to wait long.</summary>
internal sealed partial class EventPruner(
    WriteQueue queue, EventLog events, ReadPool readers, IDbContextFactory<PdsDbContext> contexts, FirehoseSettings options, TimeProvider time,
    ILogger<EventPruner> logger) : BackgroundService
{
    private const int StepEvents = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(logger, exception);
            }
        }
    }

    internal async Task PruneAsync(CancellationToken cancellationToken)
    {
        await PrunePurgedAccountsAsync(cancellationToken);

        // Twice the window, so that a cursor just outside it still gets all that is left.
        long firstKept = await events.FindFirstSinceAsync(time.GetUtcNow() - (2 * options.BackfillWindow), cancellationToken);
        PruneWrite step;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            step = new PruneWrite(firstKept - 1);
            await queue.AppendAsync(step);
        }
        while (step.Deleted == StepEvents);
    }

    private async Task PrunePurgedAccountsAsync(CancellationToken cancellationToken)
    {
        List<long> purged;
        using (ReadLease lease = readers.Rent())
        {
            purged = lease.Part<EventReader>().ListPurged();
        }

        if (purged.Count == 0)
        {
            return;
        }

        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        long last = events.LastSeq;
        for (long after = await context.Set<EventRow>().Select(row => (long?)row.Seq).MinAsync(cancellationToken) - 1 ?? last; after < last; after += StepEvents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await queue.AppendAsync(new DeletePurgedWrite(after, after + StepEvents));
        }

        await queue.AppendAsync(new PurgeDoneWrite(purged));
    }

    private sealed class PruneWrite(long last) : QueuedWrite
    {
        public int Deleted { get; private set; }

        public override int Weight => 0;

        public override bool IsHousekeeping => true;

        public override void Write(WriteTransaction transaction) => Deleted = transaction.Part<EventWriter>().Prune(last, StepEvents);
    }

    private sealed class DeletePurgedWrite(long after, long last) : QueuedWrite
    {
        public override int Weight => 0;

        public override bool IsHousekeeping => true;

        public override void Write(WriteTransaction transaction) => transaction.Part<EventWriter>().DeletePurged(after, last);
    }

    private sealed class PurgeDoneWrite(List<long> accountIds) : QueuedWrite
    {
        public override int Weight => 0;

        public override bool IsHousekeeping => true;

        public override void Write(WriteTransaction transaction) =>
            transaction.Context.Set<PurgedEventsRow>().Where(row => accountIds.Contains(row.AccountId)).ExecuteDelete();
    }

    [LoggerMessage(EventId = 2021, Level = LogLevel.Warning, Message = "Old events could not be deleted; the next attempt follows")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
