using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Blobs;
using Pds.Application.Settings;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Blobs;

/// <summary>
/// Clears away uploads that no record came to refer to, every hour. Each is deleted only if it is still the same upload and still nobody refers to it; one
/// that a record does refer to (it was uploaded before the record was imported) becomes permanent instead.
/// </summary>
internal sealed partial class TemporaryBlobs(
    ReadPool readers, WriteQueue queue, BlobFiles files, BlobIndex index, BlobSettings options, TimeProvider time, ILogger<TemporaryBlobs> logger)
    : BackgroundService, ITemporaryBlobs
{
    private const int BatchSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task<CollectedBlobs> CollectAsync(bool dryRun, CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - options.TempLifetime;
        int count = 0;
        long bytes = 0;
        int kept = 0;
        while (true)
        {
            List<ExpiredBlob> batch = List(before, kept);
            foreach (ExpiredBlob blob in batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (blob.IsReferenced)
                {
                    kept++;
                    await PromoteAsync(blob, dryRun, cancellationToken);
                }
                else if (dryRun || await ExpireAsync(blob))
                {
                    kept += dryRun ? 1 : 0;
                    count++;
                    bytes += blob.Size;
                }
            }

            if (batch.Count < BatchSize)
            {
                return new CollectedBlobs(count, bytes);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                CollectedBlobs collected = await CollectAsync(dryRun: false, stoppingToken);
                if (collected.Count > 0)
                {
                    LogCollected(collected.Count, collected.Bytes);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception);
            }
        }
    }

    private List<ExpiredBlob> List(DateTimeOffset before, int offset)
    {
        using ReadLease lease = readers.Rent();
        return lease.Part<BlobReader>().ListExpired(before, BatchSize, offset);
    }

    private Task PromoteAsync(ExpiredBlob blob, bool dryRun, CancellationToken cancellationToken) =>
        dryRun ? Task.CompletedTask : index.PromoteAsync(blob.Did, blob.AccountId, blob.Cid, cancellationToken);

    private async Task<bool> ExpireAsync(ExpiredBlob blob)
    {
        bool expired = await queue.ChangeAsync(transaction => transaction.Part<BlobWriter>().Expire(blob.AccountId, blob.Cid, blob.TempKey));
        if (expired)
        {
            files.Release(blob.Did, blob.AccountId, new ReleasedBlob(blob.Cid, blob.TempKey));
        }

        return expired;
    }

    [LoggerMessage(5011, LogLevel.Information, "{Count} uploaded blobs that no record refers to were deleted, {Bytes} bytes")]
    private partial void LogCollected(int count, long bytes);

    [LoggerMessage(5012, LogLevel.Error, "Uploaded blobs that no record refers to could not be deleted; it is tried again in an hour")]
    private partial void LogFailed(Exception exception);
}
