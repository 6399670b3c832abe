using Microsoft.Extensions.Options;
using Pds.Application.Settings;

namespace Pds.Infrastructure.S3;

/// <summary>Where a server keeps its blobs when it keeps them in an S3-compatible store.</summary>
public sealed class S3BlobOptions
{
    /// <summary>Name of the bucket, which must be there already. Required.</summary>
    [Variable("PDS_BLOBSTORE_S3_BUCKET")]
    public string Bucket { get; set; } = "";

    /// <summary>Region of the bucket. Default <c>us-east-1</c>.</summary>
    [Variable("PDS_BLOBSTORE_S3_REGION", OfficialDefault = "what the AWS SDK finds on the machine")]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The store's URL. Default: Amazon's, of the region.</summary>
    [Variable("PDS_BLOBSTORE_S3_ENDPOINT")]
    public Uri? Endpoint { get; set; }

    /// <summary>Whether the bucket is named in the path instead of the host name. Default <see langword="false"/>; many other stores need it.</summary>
    [Variable("PDS_BLOBSTORE_S3_FORCE_PATH_STYLE")]
    public bool ForcePathStyle { get; set; }

    /// <summary>Access key; needs <see cref="SecretAccessKey"/>. Default: whatever the AWS SDK finds on the machine.</summary>
    [Variable("PDS_BLOBSTORE_S3_ACCESS_KEY_ID")]
    public string? AccessKeyId { get; set; }

    /// <summary>Secret of <see cref="AccessKeyId"/>.</summary>
    [Variable("PDS_BLOBSTORE_S3_SECRET_ACCESS_KEY")]
    public string? SecretAccessKey { get; set; }

    /// <summary>How long a whole upload may take, more than 0. Default 20 seconds.</summary>
    [Variable("PDS_BLOBSTORE_S3_UPLOAD_TIMEOUT_MS", IsZeroDefault = true)]
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one request may stay without progress, more than 0. Default: the upload's time, but 6 to 15 seconds.</summary>
    [Variable("PDS_BLOBSTORE_S3_REQUEST_TIMEOUT_MS")]
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary><see cref="RequestTimeout"/>, or what follows from <see cref="UploadTimeout"/>.</summary>
    public TimeSpan IdleTimeout => RequestTimeout ?? TimeSpan.FromSeconds(Math.Clamp(UploadTimeout.TotalSeconds, 6, 15));
}

/// <summary>Judges the settings of the S3 store; every fault says what to write.</summary>
internal sealed class S3BlobOptionsValidator : IValidateOptions<S3BlobOptions>
{
    public ValidateOptionsResult Validate(string? name, S3BlobOptions options)
    {
        List<string> faults = [];
        if (options.Bucket.Length == 0)
        {
            faults.Add("Bucket (PDS_BLOBSTORE_S3_BUCKET) is missing: write the name of a bucket.");
        }

        if ((options.AccessKeyId is null) != (options.SecretAccessKey is null))
        {
            faults.Add("AccessKeyId and SecretAccessKey (PDS_BLOBSTORE_S3_ACCESS_KEY_ID, PDS_BLOBSTORE_S3_SECRET_ACCESS_KEY) belong together: set both or none.");
        }

        if (options.UploadTimeout <= TimeSpan.Zero || options.RequestTimeout <= TimeSpan.Zero)
        {
            faults.Add("UploadTimeout and RequestTimeout (PDS_BLOBSTORE_S3_UPLOAD_TIMEOUT_MS, PDS_BLOBSTORE_S3_REQUEST_TIMEOUT_MS) must be more than 0.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
