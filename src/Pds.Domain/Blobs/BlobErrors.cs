using Pds.Domain.Errors;

namespace Pds.Domain.Blobs;

/// <summary>Refusals of uploads, of references to blobs and of reading them.</summary>
public static class BlobErrors
{
    /// <summary>The blob is not here, not referred to by any record, or taken down.</summary>
    public static readonly XrpcError BlobNotFound = new("BlobNotFound", XrpcErrorKind.Invalid);

    /// <summary>A record states another media type than the upload has.</summary>
    public static readonly XrpcError InvalidMimeType = new("InvalidMimeType", XrpcErrorKind.Invalid);

    /// <summary>A record states another size than the upload has.</summary>
    public static readonly XrpcError InvalidSize = new("InvalidSize", XrpcErrorKind.Invalid);

    /// <summary>The blob's file is not what it was; uploading the blob again mends it. Not in the lexicon.</summary>
    public static readonly XrpcError BlobDamaged = new("BlobDamaged", XrpcErrorKind.Internal);

    /// <summary>The account's blobs would take more room than the operator grants; not in the lexicon.</summary>
    public static readonly XrpcError QuotaExceeded = new("BlobQuotaExceeded", XrpcErrorKind.Invalid);
}
