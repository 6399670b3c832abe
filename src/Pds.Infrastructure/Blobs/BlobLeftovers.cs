using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Blobs;
using Pds.Application.Settings;
using Pds.Domain.Blobs;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Blobs;

/// <summary>Sweeps, every hour, temporary files without a row: uploads that were cut short, or whose row went before a crash kept the file from following.</summary>
/// <remarks>
/// A file gets its row as soon as it is complete, and an upload that is still under way was written to lately. So an old file that no row names when the rows are
/// read never gets one.
/// </remarks>
internal sealed partial class BlobLeftovers(
    IBlobStore store, ReadPool readers, AccountIds accounts, BlobSettings options, TimeProvider time, ILogger<BlobLeftovers> logger)
    : BackgroundService, IBlobLeftovers
{
    private const int MaxFiles = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task<CollectedBlobs> SweepAsync(bool dryRun, CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - options.TempLifetime;
        Did? account = null;
        HashSet<string>? known = null;
        int count = 0;
        long bytes = 0;
        await foreach (StoredUpload file in store.ListTemporaryAsync(before, cancellationToken))
        {
            if (account != file.Did)
            {
                account = file.Did;
                known = FindKnown(file.Did);
            }

            if (known is null || known.Contains(file.Key))
            {
                continue;
            }

            if (!dryRun)
            {
                await store.DeleteAsync(file.Did, BlobFile.Temporary(file.Key), cancellationToken);
            }

            bytes += file.Size;
            if (++count == MaxFiles)
            {
                break;
            }
        }

        return new CollectedBlobs(count, bytes);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                CollectedBlobs swept = await SweepAsync(dryRun: false, stoppingToken);
                if (swept.Count > 0)
                {
                    LogSwept(swept.Count, swept.Bytes);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(exception);
            }
        }
    }

    /// <summary>The files that an account is known to have; <see langword="null"/> when it is not here.</summary>
    private HashSet<string>? FindKnown(Did did)
    {
        if (accounts.Find(did) is not { } accountId)
        {
            return null;
        }

        using ReadLease lease = readers.Rent();
        return lease.Part<BlobReader>().ListUploadKeys(accountId);
    }

    [LoggerMessage(5021, LogLevel.Information, "{Count} temporary files that nothing knew of were deleted, {Bytes} bytes")]
    private partial void LogSwept(int count, long bytes);

    [LoggerMessage(5022, LogLevel.Error, "Temporary files that nothing knows of could not be deleted; it is tried again in an hour")]
    private partial void LogFailed(Exception exception);
}
