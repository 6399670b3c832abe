using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Domain.Errors;

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

    /// <summary>A row that says nothing. Whatever ends the server before it is deleted, the next trial replaces it.</summary>
    private sealed class Trial : QueuedWrite
    {
        public override int Weight => TrialBytes;

        public override bool IsHousekeeping => true;

        public override void Write(WriteTransaction transaction) => transaction.Part<TrialRows>().Put(new byte[TrialBytes]);
    }

    private sealed class TrialEnd : QueuedWrite
    {
        public override int Weight => 0;

        public override bool IsHousekeeping => true;

        public override void Write(WriteTransaction transaction) => transaction.Part<TrialRows>().Delete();
    }

    private sealed class TrialRows(DbConnection connection) : IWritePart<TrialRows>
    {
        private readonly DbCommand _put = connection.Prepare(
            $"INSERT INTO {ServerCheckRow.Table} (name, value) VALUES ('trial', $0) ON CONFLICT (name) DO UPDATE SET value = excluded.value", 1);

        private readonly DbCommand _delete = connection.Prepare($"DELETE FROM {ServerCheckRow.Table} WHERE name = 'trial'");

        public static TrialRows Over(WriteTransaction transaction) => new(transaction.Connection);

        public void Put(byte[] bytes) => _put.Execute(bytes);

        public void Delete() => _delete.ExecuteNonQuery();
    }

    [LoggerMessage(EventId = 2043, Level = LogLevel.Error, Message = "Whether the disk has room again could not be found out")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
