using System.Buffers;
using System.Text.Json;

namespace Pds.Domain.DataModel;

/// <summary>Reads JSON and writes canonical DAG-CBOR into rented memory.</summary>
/// <remarks>
/// The pairs of a map are written as they come, behind one byte kept free for the head, and put in order when the map ends:
/// until then only the place of each pair is remembered. Most clients send few keys, and small maps are sorted in place.
/// </remarks>
internal partial struct DataJsonTranscoder
{
    private const int InitialEntries = 64;
    private const int InitialBytes = 2048;

    private byte[] _bytes;
    private int _count;
    private Entry[] _entries;
    private int _entryCount;

    /// <summary>Rents memory; dispose of it.</summary>
    public DataJsonTranscoder()
    {
        _bytes = ArrayPool<byte>.Shared.Rent(InitialBytes);
        _entries = ArrayPool<Entry>.Shared.Rent(InitialEntries);
    }

    /// <summary>Gives the rented memory back.</summary>
    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<Entry>.Shared.Return(_entries);
    }

    /// <summary>Reads the object that the reader stands on.</summary>
    public byte[] ReadMap(ref Utf8JsonReader reader)
    {
        ReadObject(ref reader, DagCborLimits.MaxDepth, isTop: true);
        return _bytes.AsSpan(0, _count).ToArray();
    }

    private void ReadValue(ref Utf8JsonReader reader, int depth)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, depth, isTop: false);
                break;
            case JsonTokenType.StartArray:
                ReadArray(ref reader, depth);
                break;
            case JsonTokenType.String:
                ReadText(ref reader);
                break;
            case JsonTokenType.Number:
                ReadNumber(ref reader);
                break;
            case JsonTokenType.True:
                WriteByte(DagCborHead.True);
                break;
            case JsonTokenType.False:
                WriteByte(DagCborHead.False);
                break;
            case JsonTokenType.Null:
                WriteByte(DagCborHead.Null);
                break;
            default:
                throw new DataModelException("The JSON has something that is not a value.");
        }
    }

    private void ReadArray(ref Utf8JsonReader reader, int depth)
    {
        RequireDepth(depth);
        int start = _count;
        WriteByte(0);
        int items = 0;
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            ReadValue(ref reader, depth - 1);
            items++;
        }

        PutHead(start, DagCborHead.Array, items);
    }

    private void ReadObject(ref Utf8JsonReader reader, int depth, bool isTop)
    {
        int start = _count;
        int firstEntry = _entryCount;
        bool isBlob = false;
        WriteByte(0);
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            int at = _count;
            ReadText(ref reader);
            int head = DagCborHead.Read(_bytes.AsSpan(at), out _);
            ReadOnlySpan<byte> key = _bytes.AsSpan(at + head, _count - at - head);
            Next(ref reader);
            bool isType = false;
            if (key.Length is 5 or 6 && key[0] == '$')
            {
                if (key.SequenceEqual(DataShape.LinkKey) || key.SequenceEqual(DataShape.BytesKey))
                {
                    if (isTop || _entryCount != firstEntry)
                    {
                        throw new DataModelException("$link and $bytes stand alone in an object of their own, which is a value and not a record.");
                    }

                    _count = start;
                    ReadSpecial(ref reader, isLink: key.SequenceEqual(DataShape.LinkKey));
                    return;
                }

                isType = key.SequenceEqual(DataShape.TypeKey);
            }
            else if (key.Length > DagCborLimits.MaxKeyLength)
            {
                throw new DataModelException("An object key is longer than 8192 bytes.");
            }

            RequireDepth(depth);
            Push(new(at, head, key.Length));
            int valueAt = _count;
            bool isText = reader.TokenType == JsonTokenType.String;
            ReadValue(ref reader, depth - 1);
            isBlob |= isType && IsBlobType(isText, _bytes.AsSpan(valueAt, _count - valueAt));
        }

        // Only here is it sure that this is a map: a link or bytes would not have counted as a level.
        RequireDepth(depth);
        int pairs = _entryCount - firstEntry;
        SortPairs(_entries.AsSpan(firstEntry, pairs));
        _entryCount = firstEntry;
        PutHead(start, DagCborHead.Map, pairs);
        if (isBlob && !DataShape.IsBlob(_bytes.AsSpan(start, _count - start)))
        {
            throw new DataModelException("An object of $type blob must have ref (a link), mimeType (a media type) and size (an integer from 0), and nothing else.");
        }
    }

    /// <summary>Whether the value of <c>$type</c>, already transcoded, is <c>blob</c>.</summary>
    private static bool IsBlobType(bool isText, ReadOnlySpan<byte> value)
    {
        if (!isText)
        {
            throw new DataModelException("$type must be a string.");
        }

        ReadOnlySpan<byte> text = value[DagCborHead.Read(value, out _)..];
        return text.IsEmpty ? throw new DataModelException("$type must not be empty.") : text.SequenceEqual(DataShape.BlobType);
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            throw new DataModelException("The JSON ends too early.");
        }

        return reader.TokenType;
    }

    private static void RequireDepth(int depth)
    {
        if (depth == 0)
        {
            throw new DataModelException("Objects and arrays are nested more than 32 levels deep.");
        }
    }

    /// <summary>Puts the head of a container into the byte kept free for it, and moves the content where one byte is not enough.</summary>
    private void PutHead(int start, byte major, int count)
    {
        if (count > DagCborLimits.MaxContainerLength)
        {
            throw new DataModelException("An object or array has more than 131072 elements.");
        }

        int more = DagCborHead.LengthOf((ulong)count) - 1;
        if (more > 0)
        {
            Reserve(more);
            _bytes.AsSpan(start + 1, _count - start - 1).CopyTo(_bytes.AsSpan(start + 1 + more));
            _count += more;
        }

        DagCborHead.Write(_bytes.AsSpan(start), major, (ulong)count);
    }

    private void WriteByte(byte value)
    {
        Reserve(1);
        _bytes[_count++] = value;
    }

    private void Reserve(int length)
    {
        if (_bytes.Length - _count >= length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(_count + Math.Max(length, _count)));
        _bytes.AsSpan(0, _count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
