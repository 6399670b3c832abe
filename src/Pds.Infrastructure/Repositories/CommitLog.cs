using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Sync;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Repositories;

/// <summary>
/// The single writer. It takes whatever is queued, bounded by count and bytes and never by a timer, into one transaction: under load the
/// cost of a sync is shared, and an idle server answers at once. Sequence numbers are taken inside the transaction, so commit order is
/// sequence order.
/// </summary>
internal sealed partial class CommitLog : IHostedService, IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int MaxGroupBytes = 16 * 1024 * 1024;
    private const int QueueCapacity = 4096;

    private readonly Channel<LogEntry> _queue = Channel.CreateBounded<LogEntry>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });
    private readonly Func<CommitWriter> _openWriter;
    private readonly EventLog _events;
    private readonly ICrawlNotifier _crawlers;
    private readonly ILogger<CommitLog> _logger;
    private readonly AsyncLocal<LogCompanion?> _companion = new();
    private CommitWriter? _writer;
    private Task _run = Task.CompletedTask;

    public CommitLog(Func<CommitWriter> openWriter, EventLog events, ICrawlNotifier crawlers, ILogger<CommitLog> logger)
    {
        _openWriter = openWriter;
        _events = events;
        _crawlers = crawlers;
        _logger = logger;
    }

    /// <summary>Queues an entry. Entries are written in the order in which this method is called.</summary>
    /// <returns>A task that completes when the entry is durable.</returns>
    public async Task AppendAsync(LogEntry entry)
    {
        await EnqueueAsync(entry);
        await entry.Durable;
    }

    /// <summary>Queues an entry without waiting for it to be written; completes at once but when the queue is full.</summary>
    public async ValueTask EnqueueAsync(LogEntry entry)
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
    public async Task<TResult> AccompanyAsync<TResult>(LogCompanion companion, Func<Task<TResult>> work)
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
        var group = new List<LogEntry>(MaxGroup);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            int bytes = 0;
            while (group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.Reader.TryRead(out LogEntry? entry))
            {
                group.Add(entry);
                bytes += entry.Weight;
            }

            WriteGroup(group);
        }
    }

    private void WriteGroup(List<LogEntry> group)
    {
        var failures = new Exception?[group.Count];
        IReadOnlyList<Event> events;
        try
        {
            _writer!.Begin();
            for (int i = 0; i < group.Count; i++)
            {
                failures[i] = TryWrite(group[i]);
            }

            events = _writer.Commit();
        }
        catch (Exception exception)
        {
            LogGroupFailed(_logger, exception, group.Count);
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

    private Exception? TryWrite(LogEntry entry)
    {
        _writer!.Mark();
        try
        {
            entry.WriteAccompanied(_writer);
            _writer.Keep();
            return null;
        }
        catch (Exception exception)
        {
            _writer.Undo();
            return exception;
        }
    }

    // The connection may be in any state (disk full, IO error), so it is replaced; nothing of the group was kept.
    private void Abandon(List<LogEntry> group, Exception exception)
    {
        try
        {
            _writer?.Dispose();
            _writer = _openWriter();
        }
        catch (Exception reopening)
        {
            LogReopenFailed(_logger, reopening);
        }

        foreach (LogEntry entry in group)
        {
            entry.Fail(exception);
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A transaction of {Count} writes failed; none of them was kept")]
    private static partial void LogGroupFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Critical, Message = "The database cannot be opened again for writing")]
    private static partial void LogReopenFailed(ILogger logger, Exception exception);
}
