using System.Text;

namespace Pds.Domain.DataModel;

/// <summary>Finds blob references by their structure alone. What is a blob is not searched further.</summary>
internal static class BlobScan
{
    private const int TypedPairs = 4;
    private const int LegacyPairs = 2;
    private const long UnknownSize = -1;

    public static IReadOnlyList<BlobRef> Find(ReadOnlySpan<byte> cbor)
    {
        List<BlobRef>? found = null;
        DagCborReader reader = new(cbor);
        Scan(ref reader, ref found);
        return found ?? (IReadOnlyList<BlobRef>)[];
    }

    public static bool ContainsLegacy(IReadOnlyList<BlobRef> blobs)
    {
        foreach (BlobRef blob in blobs)
        {
            if (blob.Size == UnknownSize)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The reference of the legacy form that a map is, or <see langword="null"/>.</summary>
    public static BlobRef? ReadLegacy(ReadOnlySpan<byte> cbor)
    {
        DagCborReader reader = new(cbor);
        return reader.ReadMapHeader() == LegacyPairs && TryReadLegacy(ref reader, out BlobRef? blob) ? blob : null;
    }

    public static void WriteTyped(DagCborWriter writer, BlobRef blob)
    {
        writer.WriteMapHeader(TypedPairs);
        writer.WriteText("ref"u8);
        writer.WriteCid(blob.Cid);
        writer.WriteText("size"u8);
        writer.WriteInteger(blob.Size);
        writer.WriteText("$type"u8);
        writer.WriteText("blob"u8);
        writer.WriteText("mimeType"u8);
        writer.WriteText(blob.MimeType);
    }

    private static void Scan(ref DagCborReader reader, ref List<BlobRef>? found)
    {
        switch (reader.Peek())
        {
            case DagCborKind.Array:
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                {
                    Scan(ref reader, ref found);
                }

                break;
            case DagCborKind.Map:
                ScanMap(ref reader, ref found);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static void ScanMap(ref DagCborReader reader, ref List<BlobRef>? found)
    {
        int pairs = reader.ReadMapHeader();
        if (pairs is TypedPairs or LegacyPairs)
        {
            // A copy reads ahead; it becomes the reader only when there was a blob.
            DagCborReader ahead = reader;
            if (pairs == TypedPairs ? TryReadTyped(ref ahead, out BlobRef? blob) : TryReadLegacy(ref ahead, out blob))
            {
                (found ??= []).Add(blob!);
                reader = ahead;
                return;
            }
        }

        ReadOnlySpan<byte> key = default;
        for (int left = pairs; left > 0; left--)
        {
            key = reader.ReadKey(key);
            Scan(ref reader, ref found);
        }
    }

    private static bool TryReadTyped(ref DagCborReader reader, out BlobRef? blob)
    {
        bool isBlob = DataShape.TryReadBlob(ref reader, out Cid cid, out ReadOnlySpan<byte> mimeType, out long size) && size >= UnknownSize;
        blob = isBlob ? new(cid, Encoding.UTF8.GetString(mimeType), size) : null;
        return isBlob;
    }

    private static bool TryReadLegacy(ref DagCborReader reader, out BlobRef? blob)
    {
        blob = null;
        if (!reader.ReadKey(default).SequenceEqual("cid"u8)
            || reader.Peek() != DagCborKind.Text
            || !Cid.TryParseUtf8(reader.ReadTextUtf8(), out Cid cid)
            || !reader.ReadKey(default).SequenceEqual("mimeType"u8)
            || reader.Peek() != DagCborKind.Text)
        {
            return false;
        }

        blob = new(cid, reader.ReadText(), UnknownSize);
        return true;
    }
}
