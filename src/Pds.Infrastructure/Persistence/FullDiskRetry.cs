using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Persistence;

/// <summary>While the disk is full, writes something now and then, so that the server is healthy again as soon as there is room.</summary>
internal sealed partial class FullDiskRetry(FullDisk disk, WriteQueue queue, TimeProvider time, ILogger<FullDiskRetry> logger) : BackgroundService
{
    private const int TrialBytes = 256 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RetryAsync();
        }
    }

    internal async Task RetryAsync()
    {
        if (!disk.IsFull)
        {
            return;
        }

        try
        {
            await queue.AppendAsync(new Trial());
            await queue.AppendAsync(new TrialEnd());
            if (disk.Folder is { } folder)
            {
                await WriteFileAsync(folder);
            }

            disk.Clear();
        }
        catch (Exception exception) when (FullDisk.IsCause(exception) || exception is XrpcException { Error: var error } && error == RequestErrors.InsufficientStorage)
        {
            // still full
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
        }
    }

    private static async Task WriteFileAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await using FileStream file = new(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        await file.WriteAsync(new byte[TrialBytes]);
        file.Flush(flushToDisk: true);
    }

    /// <summary>A row of an account that does not exist, as imports stage them: whatever ends the server, the next start clears it away.</summary>
    private sealed class Trial : QueuedWrite
    {
        public override int Weight => TrialBytes;

        public override bool IsHousekeeping => true;

        public override void Write(CommitWriter writer) =>
            writer.PutRecord(long.MinValue, "trial", Cid.ForDagCbor([]).ToArray(), default(Tid), new byte[TrialBytes], link: null);
    }

    private sealed class TrialEnd : QueuedWrite
    {
        public override int Weight => 0;

        public override bool IsHousekeeping => true;

        public override void Write(CommitWriter writer) => writer.Imports.Discard(long.MinValue, long.MinValue, limit: 1);
    }

    [LoggerMessage(EventId = 2043, Level = LogLevel.Error, Message = "Whether the disk has room again could not be found out")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
