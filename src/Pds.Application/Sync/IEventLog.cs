namespace Pds.Application.Sync;

/// <summary>Reads the sequence of firehose events, shared by live subscribers and those who catch up.</summary>
public interface IEventLog
{
    /// <summary>The highest sequence number that is durable; 0 when there never was an event.</summary>
    long LastSeq { get; }

    /// <summary>The next frames after a cursor, ascending and without gaps but for purged events; empty when there are none yet.</summary>
    /// <param name="after">Exclusive.</param>
    /// <param name="maxBytes">The page ends before the frame that would make it larger.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<EventPage> ReadAsync(long after, int maxBytes, CancellationToken cancellationToken);

    /// <summary>The lowest sequence number at or after a time; <see cref="LastSeq"/> + 1 when there is none.</summary>
    ValueTask<long> FindFirstSinceAsync(DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Completes as soon as <see cref="LastSeq"/> is greater than <paramref name="after"/>.</summary>
    ValueTask WaitAsync(long after, CancellationToken cancellationToken);
}

/// <summary>Some frames of the log.</summary>
/// <param name="Frames">The frames.</param>
/// <param name="NeededBytes">When the next frame alone is larger than was allowed, its length in bytes; there are no frames then. Otherwise 0.</param>
public readonly record struct EventPage(IReadOnlyList<SequencedFrame> Frames, int NeededBytes = 0);

/// <summary>One event, encoded once and sent as it is to every subscriber.</summary>
/// <param name="Seq">Its sequence number.</param>
/// <param name="Frame">Header and body.</param>
public readonly record struct SequencedFrame(long Seq, ReadOnlyMemory<byte> Frame);
