using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.S3;

/// <summary>Blobs as objects of an S3-compatible store, under the same keys as the official server's.</summary>
/// <remarks>
/// Permanent <c>blocks/&lt;did&gt;/&lt;cid&gt;</c>, temporary <c>tmp/&lt;did&gt;/&lt;key&gt;</c>, taken down <c>quarantine/&lt;did&gt;/&lt;cid&gt;</c>. A move is a copy
/// and a deletion, in this order, so a move that was cut short can be asked for again. No media type and no access rule is set.
/// </remarks>
internal sealed class S3BlobStore : IBlobStore, IDisposable
{
    private const int DeleteBatch = 500;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly AmazonS3Client _client;
    private readonly S3BlobOptions _options;
    private readonly S3RequestLimit _limit;
    private readonly S3RequestLimit _uploadLimit;

    public S3BlobStore(S3BlobOptions options, TimeProvider time)
    {
        _options = options;
        _limit = new S3RequestLimit(_options.IdleTimeout, time);
        _uploadLimit = new S3RequestLimit(_options.UploadTimeout, time);
        var config = new AmazonS3Config
        {
            ForcePathStyle = _options.ForcePathStyle,
            ConnectTimeout = ConnectTimeout,
            MaxErrorRetry = 2,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,      // other stores refuse, or ignore, the newer checksums
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            AuthenticationRegion = _options.Region,
        };
        if (_options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(_options.Region);
        }

        _client = _options.AccessKeyId is { } id
            ? new AmazonS3Client(new BasicAWSCredentials(id, _options.SecretAccessKey), config)
            : new AmazonS3Client(config);
    }

    public Task<BlobUpload> PutAsync(Did did, Stream content, CancellationToken cancellationToken) =>
        _uploadLimit.RunAsync(token => UploadAsync(did, content, token), cancellationToken);

    public async Task<bool> MoveAsync(Did did, BlobFile from, BlobFile to, CancellationToken cancellationToken)
    {
        string source = KeyOf(did, from);
        string target = KeyOf(did, to);
        try
        {
            await _limit.RunAsync(token => _client.CopyObjectAsync(_options.Bucket, source, _options.Bucket, target, token), cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return await ExistsAsync(target, cancellationToken);
        }

        await DeleteAsync(did, from, cancellationToken);
        return true;
    }

    public async Task<Stream?> OpenAsync(Did did, Cid cid, long offset, long length, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = KeyOf(did, BlobFile.Permanent(cid)) };
        if (length > 0)
        {
            request.ByteRange = new ByteRange(offset, offset + length - 1);
        }

        try
        {
            GetObjectResponse response = await _limit.RunAsync(token => _client.GetObjectAsync(request, token), cancellationToken);
            if (response.ContentLength >= length)
            {
                return response.ResponseStream;
            }

            response.Dispose();
            throw TooShort(did, cid);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw TooShort(did, cid);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task DeleteAsync(Did did, BlobFile file, CancellationToken cancellationToken) =>
        _limit.RunAsync(token => _client.DeleteObjectAsync(_options.Bucket, KeyOf(did, file), token), cancellationToken);

    public async Task DeleteAllAsync(Did did, CancellationToken cancellationToken)
    {
        foreach (BlobArea area in Enum.GetValues<BlobArea>())
        {
            var list = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = $"{PrefixOf(area)}/{did}/", MaxKeys = DeleteBatch };
            while (await _limit.RunAsync(token => _client.ListObjectsV2Async(list, token), cancellationToken) is { S3Objects: { Count: > 0 } page })
            {
                var batch = new DeleteObjectsRequest { BucketName = _options.Bucket, Objects = [.. page.Select(item => new KeyVersion { Key = item.Key })] };
                await _limit.RunAsync(token => _client.DeleteObjectsAsync(batch, token), cancellationToken);
            }
        }
    }

    public async IAsyncEnumerable<StoredUpload> ListTemporaryAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string prefix = $"{PrefixOf(BlobArea.Temporary)}/";
        var list = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await _limit.RunAsync(token => _client.ListObjectsV2Async(list, token), cancellationToken);
            foreach (S3Object item in page.S3Objects ?? [])
            {
                string[] name = item.Key[prefix.Length..].Split('/');
                if (name is [var account, var key] && Did.TryParse(account, out Did did) && item.LastModified?.ToUniversalTime() < before.UtcDateTime)
                {
                    yield return new StoredUpload(did, key, item.Size ?? 0);
                }
            }

            list.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated is true);
    }

    public void Dispose() => _client.Dispose();

    private static InvalidDataException TooShort(Did did, Cid cid) => new($"The object of the blob {cid} of {did} is shorter than the blob.");

    private static string KeyOf(Did did, BlobFile file) => $"{PrefixOf(file.Area)}/{did}/{file.Name}";

    private static string PrefixOf(BlobArea area) => area switch
    {
        BlobArea.Permanent => "blocks",
        BlobArea.Temporary => "tmp",
        _ => "quarantine",
    };

    private async Task<BlobUpload> UploadAsync(Did did, Stream content, CancellationToken cancellationToken)
    {
        string key = BlobFile.NewKey(RandomNumberGenerator.GetBytes(BlobFile.KeyBytes));
        using var hash = new ContentHash();
        await using var upload = new S3Upload(_client, _options.Bucket, KeyOf(did, BlobFile.Temporary(key)));
        await upload.RunAsync(content, hash, _limit, cancellationToken);
        return hash.ToUpload(key);
    }

    private async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await _limit.RunAsync(token => _client.GetObjectMetadataAsync(_options.Bucket, key, token), cancellationToken);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
