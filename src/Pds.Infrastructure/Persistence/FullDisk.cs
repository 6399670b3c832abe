using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Pds.Domain.Errors;

namespace Pds.Infrastructure.Persistence;

/// <summary>Whether writes fail because the disk is full. Writes are tried all the same; <see cref="FullDiskRetry"/> finds out when there is room again.</summary>
internal sealed partial class FullDisk(TimeProvider time, ILogger<FullDisk> logger)
{
    private const int SqliteFull = 13;
    private const int SqliteSharedMemorySize = 4874;
    private const int NoSpaceUnix = 28;
    private const int QuotaUnix = 122;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _loggedAt;
    private long _unlogged;

    /// <summary>Whether the last that is known of the disk is that it is full.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The folder of the file that last met a full disk; <see langword="null"/> if only the database did.</summary>
    public string? Folder { get; private set; }

    /// <summary>Whether an exception, or what caused it, says that there is no room.</summary>
    public static bool IsCause(Exception? exception) => exception switch
    {
        null => false,
        SqliteException { SqliteErrorCode: SqliteFull } or SqliteException { SqliteExtendedErrorCode: SqliteSharedMemorySize } => true,
        IOException { HResult: NoSpaceUnix or QuotaUnix or NoSpaceWindows } => true,
        _ => IsCause(exception.InnerException),
    };

    /// <summary>Notes that something was not written, in the log at most once a minute.</summary>
    /// <param name="folder">Where a file could not be written; <see langword="null"/> for the database.</param>
    /// <returns>What to tell the client.</returns>
    public XrpcException Report(string? folder = null)
    {
        lock (_lock)
        {
            IsFull = true;
            Folder = folder ?? Folder;
            _unlogged++;
            if (_loggedAt is not { } last || time.GetElapsedTime(last) >= LogInterval)
            {
                LogFull(logger, _unlogged);
                (_loggedAt, _unlogged) = (time.GetTimestamp(), 0);
            }
        }

        return new XrpcException(RequestErrors.InsufficientStorage, "The server has no storage left. Nothing was saved; try again later.");
    }

    /// <summary>Notes that there is room again.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (IsFull)
            {
                (IsFull, Folder) = (false, null);
                LogRoom(logger);
            }
        }
    }

    [LoggerMessage(EventId = 2041, Level = LogLevel.Error, Message = "The disk is full: {Count} writes were refused since the last such line. Make room; writing goes on by itself.")]
    private static partial void LogFull(ILogger logger, long count);

    [LoggerMessage(EventId = 2042, Level = LogLevel.Information, Message = "The disk has room again")]
    private static partial void LogRoom(ILogger logger);
}
