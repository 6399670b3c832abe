namespace Pds.Application.Settings;

/// <summary>Bounds on uploaded blobs.</summary>
public sealed class BlobSettings
{
    /// <summary>Largest blob in bytes, 1 or more. Default 5,242,880.</summary>
    [Variable("PDS_BLOB_UPLOAD_LIMIT")]
    public long UploadLimit { get; set; } = 5_242_880;

    /// <summary>How many bytes the blobs of one account may have in sum, 1 or more. Default: no limit.</summary>
    [Variable("PDS_BLOB_QUOTA", IsOwn = true)]
    public long? Quota { get; set; }

    /// <summary>How long an uploaded blob waits for a record to refer to it before it is deleted, 1 hour or more. Default 6 hours.</summary>
    [Variable("PDS_BLOB_TEMP_LIFETIME_MS", IsOwn = true)]
    public TimeSpan TempLifetime { get; set; } = TimeSpan.FromHours(6);
}
