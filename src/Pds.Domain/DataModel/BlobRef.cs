namespace Pds.Domain.DataModel;

/// <summary>A reference from a record to a blob.</summary>
/// <param name="Cid">The CID of the blob: raw in everything made today, but dag-cbor passes too, as such references are well-formed data.</param>
/// <param name="MimeType">The media type the record states.</param>
/// <param name="Size">Bytes the record states; -1 where it does not say, as in the legacy form.</param>
public sealed record BlobRef(Cid Cid, string MimeType, long Size);
