namespace Pds.Application.Sync;

/// <summary>Turns events into messages of the JSON stream, each of the recent ones once for all subscribers.</summary>
public sealed class JetstreamFeed
{
    private const int Slots = 512;

    /// <summary>Most bytes of messages that are kept.</summary>
    private const long MaxKeptBytes = 8 * 1024 * 1024;

    private long _keptBytes;
    private readonly Converted?[] _recent = new Converted?[Slots];

    /// <summary>Bytes of the messages that are kept now.</summary>
    internal long KeptBytes => Interlocked.Read(ref _keptBytes);

    /// <summary>The messages of one event.</summary>
    /// <param name="frame">The event as it is sent on the firehose.</param>
    /// <param name="clock">Numbers the messages; must have seen all events since the start of a millisecond. Moves on.</param>
    /// <returns>None for an event that the stream does not know, such as <c>#sync</c>.</returns>
    public IReadOnlyList<JetstreamMessage> Read(SequencedFrame frame, ref JetstreamClock clock)
    {
        ref Converted? slot = ref _recent[frame.Seq % Slots];
        if (Volatile.Read(ref slot) is { } kept && kept.Seq == frame.Seq && kept.Before == clock)
        {
            clock = kept.After;
            return kept.Messages;
        }

        JetstreamClock before = clock;
        IReadOnlyList<JetstreamMessage> messages = JetstreamEncoder.Encode(frame.Frame, ref clock);
        Keep(ref slot, new Converted(frame.Seq, before, clock, messages));
        return messages;
    }

    // What does not fit makes room all the same: it is newer than what was in its place.
    private void Keep(ref Converted? slot, Converted converted)
    {
        bool fits = Interlocked.Add(ref _keptBytes, converted.Bytes) <= MaxKeptBytes;
        Converted? replaced = Interlocked.Exchange(ref slot, fits ? converted : null);
        Interlocked.Add(ref _keptBytes, -(replaced?.Bytes ?? 0) - (fits ? 0 : converted.Bytes));
    }

    private sealed record Converted(long Seq, JetstreamClock Before, JetstreamClock After, IReadOnlyList<JetstreamMessage> Messages)
    {
        public long Bytes { get; } = Messages.Sum(message => (long)message.Json.Length);
    }
}
