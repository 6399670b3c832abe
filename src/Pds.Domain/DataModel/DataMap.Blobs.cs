namespace Pds.Domain.DataModel;

/// <summary>The blobs that a map refers to.</summary>
public sealed partial class DataMap
{
    private IReadOnlyList<BlobRef>? _blobs;

    /// <summary>
    /// The blobs that the map refers to, at any depth and in order of appearance; typed references, and those of the legacy form with a size of -1.
    /// Looked for on first use only.
    /// </summary>
    public IReadOnlyList<BlobRef> FindBlobs() => _blobs ??= BlobScan.Find(_cbor.Span);

    /// <summary>Whether the map has a reference of the legacy form <c>{"cid", "mimeType"}</c> at any depth. Read, but never to be created.</summary>
    public bool ContainsLegacyBlob() => BlobScan.ContainsLegacy(FindBlobs());

    /// <summary>The reference of the legacy form that the map itself holds under a key, with a size of -1; otherwise <see langword="null"/>.</summary>
    public BlobRef? GetLegacyBlob(string key) => GetMap(key) is { } map ? BlobScan.ReadLegacy(map.Cbor.Span) : null;

    /// <summary>This map with a typed reference as the value of a key that it has.</summary>
    /// <param name="key">A key of the map itself.</param>
    /// <param name="blob">What the reference says.</param>
    /// <exception cref="ArgumentException">The map does not have the key.</exception>
    public DataMap WithBlob(string key, BlobRef blob)
    {
        if (!TryFind(key, out DagCborReader reader, out _))
        {
            throw new ArgumentException("The map does not have the key.", nameof(key));
        }

        int start = reader.Position;
        reader.Skip();
        ReadOnlySpan<byte> cbor = _cbor.Span;
        DagCborWriter writer = new(cbor.Length + 128);
        writer.WriteEncoded(cbor[..start]);
        BlobScan.WriteTyped(writer, blob);
        writer.WriteEncoded(cbor[reader.Position..]);
        return new(writer.WrittenMemory);
    }
}
