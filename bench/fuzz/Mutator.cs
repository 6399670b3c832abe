using System.Buffers.Binary;
using System.Text;

namespace Pds.Fuzz;

/// <summary>Makes inputs out of others, into one buffer that is used again.</summary>
internal sealed class Mutator(Randomness random, IReadOnlyList<string> tokens, int maxLength)
{
    private const int MaxChanges = 5;
    private static readonly byte[] EdgeBytes = [0, 1, 0x17, 0x18, 0x19, 0x1b, 0x1f, 0x20, 0x3b, 0x40, 0x58, 0x5f, 0x60, 0x78, 0x7f, 0x80, 0x9b, 0xa0, 0xbb, 0xc0, 0xd8, 0xf6, 0xf7, 0xff];
    private static readonly ulong[] EdgeNumbers =
        [0, 1, 23, 24, 127, 128, 255, 256, 32767, 65535, 65536, 131072, 131073, int.MaxValue, 1UL << 31, uint.MaxValue, (1UL << 53) - 1, 1UL << 53, long.MaxValue, ulong.MaxValue];

    private readonly byte[][] _tokens = [.. tokens.Select(Encoding.UTF8.GetBytes)];
    private readonly byte[] _buffer = new byte[maxLength];
    private readonly byte[] _scratch = new byte[maxLength];
    private int _length;

    /// <summary>The next input, valid until the one after it.</summary>
    public Memory<byte> Next(IReadOnlyList<byte[]> from)
    {
        byte[] seed = from[random.Next(from.Count)];
        _length = Math.Min(seed.Length, maxLength);
        seed.AsSpan(0, _length).CopyTo(_buffer);
        // Mostly one or two: what is far from every good input is refused at its first byte.
        for (int changes = 1 + Math.Min(random.Next(MaxChanges), random.Next(MaxChanges)); changes > 0; changes--)
        {
            Change(from);
        }

        return _buffer.AsMemory(0, _length);
    }

    private void Change(IReadOnlyList<byte[]> from)
    {
        int at = random.Next(_length + 1);
        switch (random.Next(_tokens.Length > 0 ? 15 : 12))
        {
            case 0 when at < _length:
                _buffer[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < _length:
                _buffer[at] = (byte)random.Next(256);
                break;
            case 2 when at < _length:
                _buffer[at] = EdgeBytes[random.Next(EdgeBytes.Length)];
                break;
            case 3 when at < _length:
                _buffer[at] = (byte)(_buffer[at] + random.Next(33) - 16);
                break;
            case 4:
                Remove(at, 1 + random.Next(random.Next(4) == 0 ? Math.Max(1, _length) : 8));
                break;
            case 5:
                random.Fill(_scratch.AsSpan(0, Math.Min(8, maxLength)));
                Insert(at, _scratch.AsSpan(0, Math.Min(1 + random.Next(8), maxLength)));
                break;
            case 6:
                InsertNumber(at);
                break;
            case 7 when _length > 0:
                Repeat(at);
                break;
            case 8:
                Splice(at, from[random.Next(from.Count)]);
                break;
            case 9:
                Borrow(at, from[random.Next(from.Count)]);
                break;
            case 10 when _length > 1:
                Swap();
                break;
            case 11 when random.Next(4) == 0:
                _length = at;
                break;
            case 12 or 13:
                Insert(at, _tokens[random.Next(_tokens.Length)]);
                break;
            case 14:
                Overwrite(at, _tokens[random.Next(_tokens.Length)]);
                break;
            default:
                if (at < _length)
                {
                    _buffer[at] = (byte)(0x20 + random.Next(0x5f));
                }

                break;
        }
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, _length - at);
        _buffer.AsSpan(at + count, _length - at - count).CopyTo(_buffer.AsSpan(at));
        _length -= count;
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, maxLength - _length);
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + count));
        bytes[..count].CopyTo(_buffer.AsSpan(at));
        _length += count;
    }

    private void Overwrite(int at, ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, maxLength - at);
        bytes[..count].CopyTo(_buffer.AsSpan(at));
        _length = Math.Max(_length, at + count);
    }

    /// <summary>A number at the edge of its range, in one of the widths and byte orders that formats use; over what is there, or before it.</summary>
    private void InsertNumber(int at)
    {
        ulong number = EdgeNumbers[random.Next(EdgeNumbers.Length)];
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        bytes = bytes[(8 - (1 << random.Next(4)))..];
        if (random.Next(4) == 0)
        {
            Insert(at, bytes);
        }
        else
        {
            Overwrite(at, bytes);
        }
    }

    private void Repeat(int at)
    {
        int length = Math.Min(1 + random.Next(16), _length - at);
        _buffer.AsSpan(at, length).CopyTo(_scratch);
        for (int times = 1 + random.Next(random.Next(8) == 0 ? 200 : 4); times > 0 && length > 0 && _length + length <= maxLength; times--)
        {
            Insert(at, _scratch.AsSpan(0, length));
        }
    }

    private void Splice(int at, byte[] other)
    {
        ReadOnlySpan<byte> tail = other.AsSpan(random.Next(other.Length + 1));
        int count = Math.Min(tail.Length, maxLength - at);
        tail[..count].CopyTo(_buffer.AsSpan(at));
        _length = at + count;
    }

    private void Borrow(int at, byte[] other)
    {
        int start = random.Next(other.Length + 1);
        ReadOnlySpan<byte> part = other.AsSpan(start, Math.Min(1 + random.Next(40), other.Length - start));
        if (random.Next(2) == 0)
        {
            Insert(at, part);
        }
        else
        {
            Overwrite(at, part);
        }
    }

    private void Swap()
    {
        int length = Math.Min(1 + random.Next(16), _length / 2);
        int a = random.Next(_length - (2 * length) + 1);
        int b = a + length + random.Next(_length - a - (2 * length) + 1);
        _buffer.AsSpan(a, length).CopyTo(_scratch);
        _buffer.AsSpan(b, length).CopyTo(_buffer.AsSpan(a));
        _scratch.AsSpan(0, length).CopyTo(_buffer.AsSpan(b));
    }
}
