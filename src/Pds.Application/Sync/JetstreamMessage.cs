namespace Pds.Application.Sync;

/// <summary>One message of the JSON stream, encoded once and sent as it is to every subscriber that wants it.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Collection">The collection of the record; <see langword="null"/> for what is not about a record.</param>
/// <param name="TimeUs">Its place in the stream, in microseconds since the Unix epoch; never less than the one before.</param>
/// <param name="Json">The text, as UTF-8.</param>
public sealed record JetstreamMessage(string Did, string? Collection, long TimeUs, ReadOnlyMemory<byte> Json);

/// <summary>Numbers the messages: subscribers name their place in the stream by a time, and events are stamped with milliseconds only.</summary>
/// <remarks>
/// The messages of one millisecond get its microseconds in their order; the thousandth and later ones share the last. So the numbers
/// depend only on the events since the start of the millisecond, and are the same whoever reads, whenever.
/// </remarks>
public readonly record struct JetstreamClock
{
    private const int PerMillisecond = 1000;

    private readonly long _millisecond;
    private readonly int _next;

    private JetstreamClock(long millisecond, int next)
    {
        _millisecond = millisecond;
        _next = next;
    }

    /// <summary>Numbers a message.</summary>
    /// <param name="unixMilliseconds">When its event was sequenced.</param>
    /// <param name="after">The clock for the next message.</param>
    /// <returns>Microseconds since the Unix epoch.</returns>
    public long Stamp(long unixMilliseconds, out JetstreamClock after)
    {
        int place = unixMilliseconds == _millisecond ? _next : 0;
        after = new JetstreamClock(unixMilliseconds, Math.Min(place + 1, PerMillisecond - 1));
        return (unixMilliseconds * PerMillisecond) + place;
    }
}
