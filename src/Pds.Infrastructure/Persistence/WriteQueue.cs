using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pds.Infrastructure.Persistence;

/// <summary>
/// The single writer (group commit). It takes whatever is queued, bounded by count and bytes and never by a timer, into one transaction: under load the
/// cost of a sync is shared, and an idle server answers at once. Each queued write has a savepoint of its own, so one that fails does not disturb the others.
/// </summary>
internal sealed partial class WriteQueue : IHostedService, IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int MaxGroupBytes = 16 * 1024 * 1024;
    private const int QueueCapacity = 4096;

    private readonly Channel<QueuedWrite> _queue = Channel.CreateBounded<QueuedWrite>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });
    private readonly Func<WriteTransaction> _open;
    private readonly WriteFollower _follower;
    private readonly FullDisk _disk;
    private readonly ILogger<WriteQueue> _logger;
    private WriteTransaction? _transaction;
    private Task _run = Task.CompletedTask;

    public WriteQueue(Func<WriteTransaction> open, WriteFollower follower, FullDisk disk, ILogger<WriteQueue> logger)
    {
        _open = open;
        _follower = follower;
        _disk = disk;
        _logger = logger;
    }

    /// <summary>Queues a write. Writes are done in the order in which this method is called.</summary>
    /// <returns>A task that completes when the write is durable.</returns>
    public async Task AppendAsync(QueuedWrite write)
    {
        await EnqueueAsync(write);
        await write.Durable;
    }

    /// <summary>Queues a write without waiting until it is done; completes at once unless the queue is full.</summary>
    public async ValueTask EnqueueAsync(QueuedWrite write)
    {
        try
        {
            await _queue.Writer.WriteAsync(write);
        }
        catch (ChannelClosedException)
        {
            write.Fail(new InvalidOperationException("The server is shutting down."));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _transaction = Open();
        _run = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await _run.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _transaction?.Dispose();
    }

    // A thread of its own: SQLite blocks while it syncs, and the pool's threads have better things to do.
    private void Run()
    {
        var group = new List<QueuedWrite>(MaxGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            int bytes = 0;
            while (group.Count < MaxGroup && bytes < MaxGroupBytes && TryTake(group, out QueuedWrite? write))
            {
                group.Add(write);
                bytes += write.Weight;
            }

            WriteGroup(group);
        }
    }

    private bool TryTake(List<QueuedWrite> group, [NotNullWhen(true)] out QueuedWrite? write)
    {
        bool fits = _queue.Reader.TryPeek(out write) && (group.Count == 0 || group[0].IsHousekeeping == write.IsHousekeeping);
        return fits && _queue.Reader.TryRead(out write);
    }

    private void WriteGroup(List<QueuedWrite> group)
    {
        var failures = new Exception?[group.Count];
        WriteTransaction transaction;
        try
        {
            transaction = _transaction ??= Open();
            transaction.Begin();
            for (int i = 0; i < group.Count; i++)
            {
                failures[i] = TryWrite(transaction, group[i]);
            }

            transaction.Commit();
        }
        catch (Exception exception)
        {
            Abandon(group, exception);
            return;
        }

        _follower.OnCommitted(transaction);
        for (int i = 0; i < group.Count; i++)
        {
            if (failures[i] is { } failure)
            {
                group[i].Fail(failure);
            }
            else
            {
                group[i].Complete();
            }
        }
    }

    private Exception? TryWrite(WriteTransaction transaction, QueuedWrite write)
    {
        transaction.Mark();
        try
        {
            write.WriteJoined(transaction);
            transaction.Keep();
            return null;
        }
        catch (Exception exception)
        {
            Undo(transaction, exception);
            return FullDisk.IsCause(exception) ? _disk.Report() : exception;
        }
    }

    private static void Undo(WriteTransaction transaction, Exception exception)
    {
        try
        {
            transaction.Undo();
        }
        catch (DbException)
        {
            // SQLite has ended the whole transaction, as it may when the disk is full: what counts is why.
            ExceptionDispatchInfo.Throw(exception);
        }
    }

    // The connection may be in any state (disk full, IO error), so the next group gets another one.
    private void Abandon(List<QueuedWrite> group, Exception exception)
    {
        if (FullDisk.IsCause(exception))
        {
            exception = _disk.Report();
        }
        else
        {
            LogGroupFailed(_logger, exception, group.Count);
        }

        _transaction?.Dispose();
        _transaction = null;
        foreach (QueuedWrite write in group)
        {
            write.Fail(exception);
        }
    }

    private WriteTransaction Open()
    {
        WriteTransaction transaction = _open();
        _follower.OnOpened(transaction);
        return transaction;
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A transaction of {Count} writes failed; none of them was kept")]
    private static partial void LogGroupFailed(ILogger logger, Exception exception, int count);
}
