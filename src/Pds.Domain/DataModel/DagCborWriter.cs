using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Pds.Domain.DataModel;

/// <summary>Writes DAG-CBOR into a growing buffer that can be used again. Not safe for parallel callers.</summary>
/// <remarks>
/// Every item is in its only allowed form. What the writer cannot see is up to the caller: as many items as announced, and the
/// keys of a map without repetition, shorter ones first, those of one length bytewise.
/// </remarks>
public sealed class DagCborWriter
{
    private byte[] _buffer;
    private int _count;

    /// <summary>An empty writer.</summary>
    /// <param name="initialCapacity">Bytes to make room for at once.</param>
    public DagCborWriter(int initialCapacity = 512) => _buffer = new byte[Math.Max(initialCapacity, DagCborHead.MaxLength)];

    /// <summary>What is written; valid until the next call.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _count);

    /// <summary>What is written; valid until the next call.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _count);

    /// <summary>Bytes written.</summary>
    public int WrittenCount => _count;

    /// <summary>Forgets what is written and keeps the buffer.</summary>
    public void Clear() => _count = 0;

    /// <summary>A copy of what is written.</summary>
    public byte[] ToArray() => WrittenSpan.ToArray();

    /// <summary>Starts a map; so many keys with a value each follow.</summary>
    public void WriteMapHeader(int pairs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pairs);
        WriteHead(DagCborHead.Map, (ulong)pairs);
    }

    /// <summary>Starts an array; so many items follow.</summary>
    public void WriteArrayHeader(int items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        WriteHead(DagCborHead.Array, (ulong)items);
    }

    /// <summary>Writes an integer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside of ±(2^53 - 1).</exception>
    public void WriteInteger(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, DagCborLimits.MaxInteger);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -DagCborLimits.MaxInteger);
        if (value >= 0)
        {
            WriteHead(DagCborHead.Unsigned, (ulong)value);
        }
        else
        {
            WriteHead(DagCborHead.Negative, (ulong)(-1 - value));
        }
    }

    /// <summary>Writes true or false.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? DagCborHead.True : DagCborHead.False);

    /// <summary>Writes null.</summary>
    public void WriteNull() => WriteByte(DagCborHead.Null);

    /// <summary>Writes a text or a map key.</summary>
    /// <exception cref="ArgumentException">The text has a lone surrogate.</exception>
    public void WriteText(string text) => WriteText(text.AsSpan());

    /// <inheritdoc cref="WriteText(string)"/>
    public void WriteText(ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Reserve(DagCborHead.MaxLength + length);
        int head = DagCborHead.Write(_buffer.AsSpan(_count), DagCborHead.Text, (ulong)length);
        if (Utf8.FromUtf16(text, _buffer.AsSpan(_count + head), out _, out _, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw new ArgumentException("The text has a lone surrogate.", nameof(text));
        }

        _count += head + length;
    }

    /// <summary>Writes a text or a map key that is UTF-8 already.</summary>
    /// <param name="utf8">Valid UTF-8, which is not checked again.</param>
    public void WriteText(ReadOnlySpan<byte> utf8) => WriteString(DagCborHead.Text, utf8);

    /// <summary>Writes a byte string.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => WriteString(DagCborHead.Bytes, bytes);

    /// <summary>Writes a link: tag 42.</summary>
    /// <exception cref="InvalidOperationException">This is the default CID.</exception>
    public void WriteCid(Cid cid)
    {
        ReadOnlySpan<byte> head = DagCborHead.Link;
        Reserve(head.Length + Cid.ByteLength);
        head.CopyTo(_buffer.AsSpan(_count));
        cid.CopyTo(_buffer.AsSpan(_count + head.Length));
        _count += head.Length + Cid.ByteLength;
    }

    /// <summary>Copies items that are encoded already.</summary>
    public void WriteEncoded(ReadOnlySpan<byte> cbor)
    {
        Reserve(cbor.Length);
        cbor.CopyTo(_buffer.AsSpan(_count));
        _count += cbor.Length;
    }

    private void WriteString(byte major, ReadOnlySpan<byte> content)
    {
        Reserve(DagCborHead.MaxLength + content.Length);
        _count += DagCborHead.Write(_buffer.AsSpan(_count), major, (ulong)content.Length);
        content.CopyTo(_buffer.AsSpan(_count));
        _count += content.Length;
    }

    private void WriteHead(byte major, ulong argument)
    {
        Reserve(DagCborHead.MaxLength);
        _count += DagCborHead.Write(_buffer.AsSpan(_count), major, argument);
    }

    private void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_count++] = value;
    }

    private void Reserve(int length)
    {
        if (_buffer.Length - _count < length)
        {
            Array.Resize(ref _buffer, Math.Max(checked(_count + length), (int)Math.Min((long)_buffer.Length * 2, Array.MaxLength)));
        }
    }
}
