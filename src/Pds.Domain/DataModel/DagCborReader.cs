using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Pds.Domain.DataModel;

/// <summary>Reads DAG-CBOR of the atproto data model item by item and refuses every encoding but the canonical one.</summary>
/// <remarks>
/// Spans that it gives point into the bytes it reads. Where an item is refused the position is unspecified and the reader of no further use.
/// Every violation is a <see cref="DagCborException"/>. Empty map keys pass, since only records forbid them.
/// </remarks>
public ref struct DagCborReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    /// <summary>Stands before the first item of the bytes.</summary>
    public DagCborReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Whether no bytes are left.</summary>
    public readonly bool IsAtEnd => _position == _bytes.Length;

    /// <summary>The kind of the next item, which is not read.</summary>
    /// <exception cref="DagCborException">There is none, or it is of a kind the data model does not know, such as a float.</exception>
    public readonly DagCborKind Peek()
    {
        byte head = PeekByte();
        return (head >> 5) switch
        {
            DagCborHead.Unsigned or DagCborHead.Negative => DagCborKind.Integer,
            DagCborHead.Bytes => DagCborKind.Bytes,
            DagCborHead.Text => DagCborKind.Text,
            DagCborHead.Array => DagCborKind.Array,
            DagCborHead.Map => DagCborKind.Map,
            DagCborHead.Tag => DagCborKind.Cid,
            _ => head switch
            {
                DagCborHead.False or DagCborHead.True => DagCborKind.Boolean,
                DagCborHead.Null => DagCborKind.Null,
                0xf9 or 0xfa or 0xfb => throw new DagCborException("Floats are not part of the data model."),
                _ => throw new DagCborException("A simple value other than true, false and null."),
            },
        };
    }

    /// <summary>Reads the head of a map: the number of its pairs, 0 to 131,072 and no more than the bytes left can hold.</summary>
    public int ReadMapHeader() => ReadContainer(DagCborHead.Map, 2);

    /// <summary>Reads the head of an array: the number of its items, 0 to 131,072 and no more than the bytes left can hold.</summary>
    public int ReadArrayHeader() => ReadContainer(DagCborHead.Array, 1);

    /// <summary>Reads an integer within ±(2^53 - 1).</summary>
    public long ReadInteger()
    {
        byte major = (byte)(PeekByte() >> 5);
        if (major > DagCborHead.Negative)
        {
            throw new DagCborException("An integer was expected.");
        }

        ulong argument = ReadHead();
        if (argument > DagCborLimits.MaxInteger - (ulong)major)
        {
            throw new DagCborException("An integer is outside of ±(2^53 - 1).");
        }

        return major == DagCborHead.Unsigned ? (long)argument : -1 - (long)argument;
    }

    /// <summary>Reads true or false.</summary>
    public bool ReadBoolean()
    {
        byte head = PeekByte();
        if (head is not (DagCborHead.True or DagCborHead.False))
        {
            throw new DagCborException("A boolean was expected.");
        }

        _position++;
        return head == DagCborHead.True;
    }

    /// <summary>Reads a null when one comes next; otherwise reads nothing.</summary>
    public bool TryReadNull()
    {
        if (PeekByte() != DagCborHead.Null)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Reads a text.</summary>
    public string ReadText() => Encoding.UTF8.GetString(ReadTextUtf8());

    /// <summary>Reads a text as UTF-8, which is valid.</summary>
    public ReadOnlySpan<byte> ReadTextUtf8()
    {
        ReadOnlySpan<byte> utf8 = ReadString(DagCborHead.Text);
        if (!Utf8.IsValid(utf8))
        {
            throw new DagCborException("A text is not valid UTF-8.");
        }

        return utf8;
    }

    /// <summary>Reads a byte string.</summary>
    public ReadOnlySpan<byte> ReadBytes() => ReadString(DagCborHead.Bytes);

    /// <summary>Reads a link.</summary>
    public Cid ReadCid()
    {
        ReadOnlySpan<byte> rest = _bytes[_position..];
        ReadOnlySpan<byte> link = DagCborHead.Link;
        if (rest.Length < link.Length + Cid.ByteLength
            || !rest.StartsWith(link)
            || !Cid.TryRead(rest.Slice(link.Length, Cid.ByteLength), out Cid cid))
        {
            throw new DagCborException("A link was expected: tag 42 with a CID of version 1, dag-cbor or raw, sha2-256.");
        }

        _position += link.Length + Cid.ByteLength;
        return cid;
    }

    /// <summary>Reads a map key and demands that it comes after <paramref name="previous"/>: shorter first, then bytewise.</summary>
    /// <param name="previous">The key before it in the same map; <see langword="default"/> for the first one.</param>
    /// <exception cref="DagCborException">The key is not text, longer than 8192 bytes, repeated or out of order.</exception>
    public ReadOnlySpan<byte> ReadKey(scoped ReadOnlySpan<byte> previous)
    {
        ReadOnlySpan<byte> key = ReadTextUtf8();
        if (key.Length > DagCborLimits.MaxKeyLength)
        {
            throw new DagCborException("A map key is longer than 8192 bytes.");
        }

        // An empty key is not the absence of one: it points into the bytes, the default span nowhere.
        bool isFirst = Unsafe.IsNullRef(ref MemoryMarshal.GetReference(previous));
        if (!isFirst && DagCborKey.Compare(previous, key) >= 0)
        {
            throw new DagCborException("Map keys are repeated or not in canonical order.");
        }

        return key;
    }

    /// <summary>Reads one whole item and checks it to its depths, 32 levels at most.</summary>
    public void Skip() => Skip(DagCborLimits.MaxDepth);

    /// <summary>Demands that all bytes are read.</summary>
    public readonly void ReadEnd()
    {
        if (!IsAtEnd)
        {
            throw new DagCborException("There are bytes after the end of the item.");
        }
    }

    private void Skip(int depth)
    {
        switch (Peek())
        {
            case DagCborKind.Integer:
                ReadInteger();
                break;
            case DagCborKind.Bytes:
                ReadBytes();
                break;
            case DagCborKind.Text:
                ReadTextUtf8();
                break;
            case DagCborKind.Cid:
                ReadCid();
                break;
            case DagCborKind.Array:
                RequireDepth(depth);
                for (int left = ReadArrayHeader(); left > 0; left--)
                {
                    Skip(depth - 1);
                }

                break;
            case DagCborKind.Map:
                RequireDepth(depth);
                ReadOnlySpan<byte> key = default;
                for (int left = ReadMapHeader(); left > 0; left--)
                {
                    key = ReadKey(key);
                    Skip(depth - 1);
                }

                break;
            default:
                _position++;
                break;
        }
    }

    private static void RequireDepth(int depth)
    {
        if (depth == 0)
        {
            throw new DagCborException("Containers are nested more than 32 levels deep.");
        }
    }

    private int ReadContainer(byte major, int minimumItemLength)
    {
        RequireMajor(major);
        ulong count = ReadHead();
        if (count > DagCborLimits.MaxContainerLength)
        {
            throw new DagCborException("A container has more than 131072 elements.");
        }

        if (count * (ulong)minimumItemLength > (ulong)(_bytes.Length - _position))
        {
            throw new DagCborException("A container announces more elements than there are bytes.");
        }

        return (int)count;
    }

    private ReadOnlySpan<byte> ReadString(byte major)
    {
        RequireMajor(major);
        ulong length = ReadHead();
        if (length > (ulong)(_bytes.Length - _position))
        {
            throw new DagCborException("A string is longer than the data.");
        }

        ReadOnlySpan<byte> content = _bytes.Slice(_position, (int)length);
        _position += (int)length;
        return content;
    }

    private readonly void RequireMajor(byte major)
    {
        if (PeekByte() >> 5 != major)
        {
            throw new DagCborException(major switch
            {
                DagCborHead.Bytes => "A byte string was expected.",
                DagCborHead.Text => "A text was expected.",
                DagCborHead.Array => "An array was expected.",
                _ => "A map was expected.",
            });
        }
    }

    private ulong ReadHead()
    {
        _position += DagCborHead.Read(_bytes[_position..], out ulong argument);
        return argument;
    }

    private readonly byte PeekByte() =>
        _position < _bytes.Length ? _bytes[_position] : throw new DagCborException("The data ends where an item was expected.");
}
