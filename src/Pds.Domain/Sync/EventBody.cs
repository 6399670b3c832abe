using System.Buffers.Binary;

namespace Pds.Domain.Sync;

/// <summary>An event without its number: its frame with the keys <c>seq</c> and <c>time</c> left out of the body.</summary>
/// <remarks>
/// So a log can keep an event before its place in the sequence is known, and everybody who adds the number gets the same bytes. The keys of a body are in
/// canonical order, shorter ones first, so each of the two pairs has one place: before the first key that sorts behind it.
/// <para>Source: <see href="https://atproto.com/specs/event-stream"/></para>
/// </remarks>
public static class EventBody
{
    private const int Bytes = 2;
    private const int Text = 3;
    private const int Array = 4;
    private const int Map = 5;
    private const int Tag = 6;
    private const int MaxPairs = 23; // of a map whose head is one byte

    /// <summary>Encodes an event without a number. The result is one array of just the size, whatever the event.</summary>
    public static byte[] Encode(RepoEvent repoEvent) => EventFrame.EncodeBody(repoEvent);

    /// <summary>By how many bytes a number makes a body longer.</summary>
    /// <param name="seq">The sequence number, at least 1.</param>
    public static int MeasureNumber(long seq)
    {
        var counter = new FrameWriter([]);
        WriteSeq(ref counter, seq);
        WriteTime(ref counter, default);
        return counter.Position;
    }

    /// <summary>Adds the number.</summary>
    /// <param name="body">What <see cref="Encode"/> gave.</param>
    /// <param name="seq">The sequence number, at least 1.</param>
    /// <param name="time">When the event was sequenced; milliseconds are kept.</param>
    /// <returns>The frame as it is sent.</returns>
    /// <exception cref="InvalidDataException">The bytes are not the body of an event.</exception>
    public static byte[] ToFrame(ReadOnlySpan<byte> body, long seq, DateTimeOffset time)
    {
        Places places = Find(body);
        if (places.HasNumber)
        {
            throw Malformed();
        }

        byte[] frame = GC.AllocateUninitializedArray<byte>(body.Length + MeasureNumber(seq));
        var writer = new FrameWriter(frame);
        writer.Raw(body[..places.Map]);
        writer.Map(places.Pairs + 2);
        writer.Raw(body[(places.Map + 1)..places.Seq]);
        WriteSeq(ref writer, seq);
        writer.Raw(body[places.Seq..places.Time]);
        WriteTime(ref writer, time);
        writer.Raw(body[places.Time..]);
        return frame;
    }

    /// <summary>Takes the number out of a frame.</summary>
    /// <param name="frame">A frame that is sent to consumers.</param>
    /// <returns>What <see cref="ToFrame"/> makes the frame of.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a frame with a number.</exception>
    public static byte[] FromFrame(ReadOnlySpan<byte> frame)
    {
        Places places = Find(frame);
        if (!places.HasNumber)
        {
            throw Malformed();
        }

        byte[] body = GC.AllocateUninitializedArray<byte>(frame.Length - (places.SeqEnd - places.Seq) - (places.TimeEnd - places.Time));
        var writer = new FrameWriter(body);
        writer.Raw(frame[..places.Map]);
        writer.Map(places.Pairs - 2);
        writer.Raw(frame[(places.Map + 1)..places.Seq]);
        writer.Raw(frame[places.SeqEnd..places.Time]);
        writer.Raw(frame[places.TimeEnd..]);
        return body;
    }

    private static void WriteSeq(ref FrameWriter writer, long seq)
    {
        writer.Key("seq"u8);
        writer.Integer(seq);
    }

    private static void WriteTime(ref FrameWriter writer, DateTimeOffset time)
    {
        writer.Key("time"u8);
        writer.Time(time);
    }

    // The large values, blocks among them, come behind both places and are not looked at.
    private static Places Find(ReadOnlySpan<byte> bytes)
    {
        int map = Skip(bytes, 0);
        int pairs = ReadHead(bytes, map, out int at) is (Map, <= MaxPairs and var count) ? (int)count : throw Malformed();
        var places = new Places(map, pairs);
        for (int i = 0; i < pairs; i++)
        {
            int pair = at;
            if (ReadHead(bytes, pair, out int key) is not (Text, var length))
            {
                throw Malformed();
            }

            int value = checked(key + (int)length);
            ReadOnlySpan<byte> name = bytes[key..value];
            int order = Compare(name, "time"u8);
            if (order > 0)
            {
                at = pair;
                break;
            }

            at = Skip(bytes, value);
            if (order == 0)
            {
                (places.Time, places.TimeEnd) = (pair, at);
            }
            else if (name.SequenceEqual("seq"u8))
            {
                (places.Seq, places.SeqEnd) = (pair, at);
            }
            else if (places.Seq < 0 && Compare(name, "seq"u8) > 0)
            {
                places.Seq = pair;
            }
        }

        places.Time = places.Time < 0 ? at : places.Time;
        places.Seq = places.Seq < 0 ? places.Time : places.Seq;
        return places;
    }

    private static int Compare(ReadOnlySpan<byte> key, ReadOnlySpan<byte> other) =>
        key.Length != other.Length ? key.Length - other.Length : key.SequenceCompareTo(other);

    /// <summary>The end of the item that starts at a place.</summary>
    private static int Skip(ReadOnlySpan<byte> bytes, int at)
    {
        (int type, ulong value) = ReadHead(bytes, at, out int next);
        switch (type)
        {
            case Bytes or Text:
                return value <= (ulong)(bytes.Length - next) ? next + (int)value : throw Malformed();
            case Array or Map:
                for (ulong items = type == Map ? 2 * value : value; items > 0; items--)
                {
                    next = Skip(bytes, next);
                }

                return next;
            case Tag:
                return Skip(bytes, next);
            default:
                return next;
        }
    }

    private static (int Type, ulong Value) ReadHead(ReadOnlySpan<byte> bytes, int at, out int next)
    {
        if (at >= bytes.Length)
        {
            throw Malformed();
        }

        int type = bytes[at] >> 5;
        int additional = bytes[at] & 0x1f;
        ReadOnlySpan<byte> rest = bytes[(at + 1)..];
        int length = additional switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => throw Malformed() };
        if (rest.Length < length)
        {
            throw Malformed();
        }

        next = at + 1 + length;
        return (type, length switch
        {
            0 => (ulong)additional,
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest),
        });
    }

    private static InvalidDataException Malformed() => new("These bytes are not an event.");

    /// <summary>Where the map of the body starts, and where the two pairs are, or belong. An end is -1 where there is no such pair.</summary>
    private record struct Places(int Map, int Pairs)
    {
        public int Seq { get; set; } = -1;

        public int SeqEnd { get; set; } = -1;

        public int Time { get; set; } = -1;

        public int TimeEnd { get; set; } = -1;

        public readonly bool HasNumber => SeqEnd >= 0 && TimeEnd >= 0;
    }
}
