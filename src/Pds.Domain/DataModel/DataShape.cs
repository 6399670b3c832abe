namespace Pds.Domain.DataModel;

/// <summary>Checks what a record must be beyond canonical: no maps that JSON reads as something else, proper types and blobs.</summary>
internal static class DataShape
{
    private const int BlobPairs = 4;

    public static ReadOnlySpan<byte> TypeKey => "$type"u8;

    public static ReadOnlySpan<byte> LinkKey => "$link"u8;

    public static ReadOnlySpan<byte> BytesKey => "$bytes"u8;

    public static ReadOnlySpan<byte> BlobType => "blob"u8;

    /// <summary>Checks one whole map.</summary>
    /// <exception cref="DagCborException">It is not canonical, or no proper record.</exception>
    public static void Check(ReadOnlySpan<byte> cbor)
    {
        DagCborReader reader = new(cbor);
        if (reader.Peek() != DagCborKind.Map)
        {
            throw new DagCborException("A record must be a map.");
        }

        Check(ref reader, cbor, DagCborLimits.MaxDepth);
        reader.ReadEnd();
    }

    /// <summary>Whether the item, a map of type <c>blob</c>, has exactly the four fields of a blob, each of its kind.</summary>
    public static bool IsBlob(ReadOnlySpan<byte> map)
    {
        DagCborReader reader = new(map);
        return reader.ReadMapHeader() == BlobPairs && TryReadBlob(ref reader, out _, out ReadOnlySpan<byte> mimeType, out long size)
            && size >= 0
            && mimeType.Contains((byte)'/');
    }

    /// <summary>Reads the four pairs of a blob; <see langword="false"/> with the reader somewhere within where they are something else.</summary>
    public static bool TryReadBlob(ref DagCborReader reader, out Cid cid, out ReadOnlySpan<byte> mimeType, out long size)
    {
        cid = default;
        mimeType = default;
        size = 0;
        if (!reader.ReadKey(default).SequenceEqual("ref"u8) || reader.Peek() != DagCborKind.Cid)
        {
            return false;
        }

        cid = reader.ReadCid();
        if (!reader.ReadKey(default).SequenceEqual("size"u8) || reader.Peek() != DagCborKind.Integer)
        {
            return false;
        }

        size = reader.ReadInteger();
        if (!reader.ReadKey(default).SequenceEqual(TypeKey)
            || reader.Peek() != DagCborKind.Text
            || !reader.ReadTextUtf8().SequenceEqual(BlobType)
            || !reader.ReadKey(default).SequenceEqual("mimeType"u8)
            || reader.Peek() != DagCborKind.Text)
        {
            return false;
        }

        mimeType = reader.ReadTextUtf8();
        return true;
    }

    private static void Check(ref DagCborReader reader, ReadOnlySpan<byte> cbor, int depth)
    {
        switch (reader.Peek())
        {
            case DagCborKind.Array:
                RequireDepth(depth);
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    Check(ref reader, cbor, depth - 1);
                }

                break;
            case DagCborKind.Map:
                RequireDepth(depth);
                CheckMap(ref reader, cbor, depth);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static void CheckMap(ref DagCborReader reader, ReadOnlySpan<byte> cbor, int depth)
    {
        int start = reader.Position;
        bool isBlob = false;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            key = reader.ReadKey(key);
            if (key.SequenceEqual(TypeKey))
            {
                isBlob = CheckType(ref reader);
                continue;
            }

            if (key.SequenceEqual(LinkKey) || key.SequenceEqual(BytesKey))
            {
                throw new DagCborException("A map has a key that JSON reserves for links or bytes.");
            }

            Check(ref reader, cbor, depth - 1);
        }

        if (isBlob && !IsBlob(cbor[start..reader.Position]))
        {
            throw new DagCborException("A blob must have the fields ref, mimeType and size, and no others.");
        }
    }

    private static bool CheckType(ref DagCborReader reader)
    {
        if (reader.Peek() != DagCborKind.Text)
        {
            throw new DagCborException("$type must be a text.");
        }

        ReadOnlySpan<byte> type = reader.ReadTextUtf8();
        if (type.IsEmpty)
        {
            throw new DagCborException("$type must not be empty.");
        }

        return type.SequenceEqual(BlobType);
    }

    private static void RequireDepth(int depth)
    {
        if (depth == 0)
        {
            throw new DagCborException("Containers are nested more than 32 levels deep.");
        }
    }
}
