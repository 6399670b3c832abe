using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Car;

namespace Pds.Domain.Sync;

/// <summary>
/// Writes canonical DAG-CBOR into a buffer of just the right size. The same statements run twice: first over an empty buffer, where they
/// only count, then over one of the counted size. So a frame of two megabytes is one allocation and one copy of its blocks.
/// </summary>
/// <param name="buffer">As many bytes as are to be written, or none to count them.</param>
internal ref struct FrameWriter(Span<byte> buffer)
{
    private const int MaxHeadLength = 9;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int TimeLength = 24;

    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written or counted so far.</summary>
    public int Position { get; private set; }

    private readonly bool IsCounting => _buffer.IsEmpty;

    public void Map(int pairs) => Head(5, (ulong)pairs);

    public void Array(int items) => Head(4, (ulong)items);

    /// <summary>Writes a key of a map. Keys are given in canonical order: shorter first, then by bytes.</summary>
    public void Key(ReadOnlySpan<byte> utf8) => Text(utf8);

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Head(3, (ulong)utf8.Length);
        Raw(utf8);
    }

    public void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Head(3, (ulong)length);
        if (!IsCounting)
        {
            Encoding.UTF8.GetBytes(text, _buffer[Position..]);
        }

        Position += length;
    }

    public void Tid(Tid tid)
    {
        Head(3, Identifiers.Tid.TextLength);
        if (!IsCounting)
        {
            tid.CopyTo(_buffer[Position..]);
        }

        Position += Identifiers.Tid.TextLength;
    }

    /// <summary>Writes a time in UTC with milliseconds, cut off, not rounded.</summary>
    public void Time(DateTimeOffset time)
    {
        Head(3, TimeLength);
        if (!IsCounting)
        {
            time.UtcDateTime.TryFormat(_buffer[Position..], out _, TimeFormat, CultureInfo.InvariantCulture);
        }

        Position += TimeLength;
    }

    public void Link(Cid cid)
    {
        Raw([0xd8, 0x2a, 0x58, 1 + Cid.ByteLength, 0x00]);
        if (!IsCounting)
        {
            cid.CopyTo(_buffer[Position..]);
        }

        Position += Cid.ByteLength;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Head(2, (ulong)bytes.Length);
        Raw(bytes);
    }

    /// <summary>Writes a byte string that is a CAR of one block, its own root.</summary>
    public void SingleBlockCar(Cid cid, ReadOnlySpan<byte> block)
    {
        int length = CarWriter.MeasureHeader(roots: 1) + CarWriter.MeasureBlock(block.Length);
        Head(2, (ulong)length);
        if (!IsCounting)
        {
            int headerLength = CarWriter.WriteHeader(_buffer[Position..], [cid]);
            CarWriter.WriteBlock(_buffer[(Position + headerLength)..], cid, block);
        }

        Position += length;
    }

    public void Integer(long value)
    {
        if (value < 0)
        {
            Head(1, (ulong)~value);
        }
        else
        {
            Head(0, (ulong)value);
        }
    }

    public void Boolean(bool value) => Raw([value ? (byte)0xf5 : (byte)0xf4]);

    public void Null() => Raw([0xf6]);

    private void Head(int majorType, ulong value)
    {
        Span<byte> head = stackalloc byte[MaxHeadLength];
        int length;
        switch (value)
        {
            case < 24:
                length = 1;
                head[0] = (byte)value;
                break;
            case <= byte.MaxValue:
                length = 2;
                head[0] = 24;
                head[1] = (byte)value;
                break;
            case <= ushort.MaxValue:
                length = 3;
                head[0] = 25;
                BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)value);
                break;
            case <= uint.MaxValue:
                length = 5;
                head[0] = 26;
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)value);
                break;
            default:
                length = MaxHeadLength;
                head[0] = 27;
                BinaryPrimitives.WriteUInt64BigEndian(head[1..], value);
                break;
        }

        head[0] |= (byte)(majorType << 5);
        Raw(head[..length]);
    }

    /// <summary>Writes bytes that are DAG-CBOR already.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (!IsCounting)
        {
            bytes.CopyTo(_buffer[Position..]);
        }

        Position += bytes.Length;
    }
}
