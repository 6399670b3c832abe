using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Sync;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Persistence;

/// <summary>
/// The single writer. It takes whatever is queued, bounded by count and bytes and never by a timer, into one transaction: under load the
/// cost of a sync is shared, and an idle server answers at once. Sequence numbers are taken inside the transaction, so commit order is
/// sequence order.
/// </summary>
internal sealed partial class WriteQueue : IHostedService, IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int MaxGroupBytes = 16 * 1024 * 1024;
    private const int QueueCapacity = 4096;

    private readonly Channel<QueuedWrite> _queue = Channel.CreateBounded<QueuedWrite>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });
    private readonly Func<CommitWriter> _openWriter;
    private readonly EventLog _events;
    private readonly ICrawlNotifier _crawlers;
    private readonly FullDisk _disk;
    private readonly ILogger<WriteQueue> _logger;
    private readonly AsyncLocal<JoinedWrite?> _companion = new();
    private CommitWriter? _writer;
    private Task _run = Task.CompletedTask;

    public WriteQueue(Func<CommitWriter> openWriter, EventLog events, ICrawlNotifier crawlers, FullDisk disk, ILogger<WriteQueue> logger)
    {
        _openWriter = openWriter;
        _events = events;
        _crawlers = crawlers;
        _disk = disk;
        _logger = logger;
    }

    /// <summary>Queues an entry. Entries are written in the order in which this method is called.</summary>
    /// <returns>A task that completes when the entry is durable.</returns>
    public async Task AppendAsync(QueuedWrite entry)
    {
        await EnqueueAsync(entry);
        await entry.Durable;
    }

    /// <summary>Queues an entry without waiting for it to be written; completes at once but when the queue is full.</summary>
    public async ValueTask EnqueueAsync(QueuedWrite entry)
    {
        entry.Companion = _companion.Value;
        try
        {
            await _queue.Writer.WriteAsync(entry);
        }
        catch (ChannelClosedException)
        {
            entry.Fail(new InvalidOperationException("The server is shutting down."));
        }
    }

    /// <summary>Does work whose first entry that changes anything takes a companion along, in one transaction and kept or undone together.</summary>
    public async Task<TResult> AccompanyAsync<TResult>(JoinedWrite companion, Func<Task<TResult>> work)
    {
        _companion.Value = companion; // flows to whatever the work calls, and ends with this method
        try
        {
            return await work();
        }
        finally
        {
            companion.Close();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writer = _openWriter();
        _events.Start(_writer.ReadLastSeq());
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
        _writer?.Dispose();
    }

    // A thread of its own: SQLite blocks while it syncs, and the pool's threads have better things to do.
    private void Run()
    {
        var group = new List<QueuedWrite>(MaxGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            int bytes = 0;
            while (group.Count < MaxGroup && bytes < MaxGroupBytes && TryTake(group, out QueuedWrite? entry))
            {
                group.Add(entry);
                bytes += entry.Weight;
            }

            WriteGroup(group);
        }
    }

    private bool TryTake(List<QueuedWrite> group, [NotNullWhen(true)] out QueuedWrite? entry)
    {
        bool fits = _queue.Reader.TryPeek(out entry) && (group.Count == 0 || group[0].IsHousekeeping == entry.IsHousekeeping);
        return fits && _queue.Reader.TryRead(out entry);
    }

    private void WriteGroup(List<QueuedWrite> group)
    {
        var failures = new Exception?[group.Count];
        IReadOnlyList<Event> events;
        try
        {
            CommitWriter writer = _writer ??= Reopen();
            writer.Begin();
            for (int i = 0; i < group.Count; i++)
            {
                failures[i] = TryWrite(writer, group[i]);
            }

            events = writer.Commit();
        }
        catch (Exception exception)
        {
            Abandon(group, exception);
            return;
        }

        if (events.Count > 0)
        {
            _events.Publish(events);
            _crawlers.Notify();
        }

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

    private Exception? TryWrite(CommitWriter writer, QueuedWrite entry)
    {
        writer.Mark();
        try
        {
            entry.WriteAccompanied(writer);
            writer.Keep();
            return null;
        }
        catch (Exception exception)
        {
            Undo(writer, exception);
            return FullDisk.IsCause(exception) ? _disk.Report() : exception;
        }
    }

    private static void Undo(CommitWriter writer, Exception exception)
    {
        try
        {
            writer.Undo();
        }
        catch (SqliteException)
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

        _writer?.Dispose();
        _writer = null;
        foreach (QueuedWrite entry in group)
        {
            entry.Fail(exception);
        }
    }

    // A transaction whose end failed may have been kept after all; its events are in the database only.
    private CommitWriter Reopen()
    {
        CommitWriter writer = _openWriter();
        _events.Restart(writer.ReadLastSeq());
        return writer;
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A transaction of {Count} writes failed; none of them was kept")]
    private static partial void LogGroupFailed(ILogger logger, Exception exception, int count);
}
