using System.Buffers;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Pds.Application.Blobs;

namespace Pds.Infrastructure.S3;

/// <summary>Sends a stream of unknown length: at once where it fits one part, else in parts. Never holds more than one part.</summary>
internal sealed class S3Upload(IAmazonS3 client, string bucket, string key) : IAsyncDisposable
{
    /// <summary>S3 demands 5 MiB of every part but the last.</summary>
    private const int PartBytes = 5 * 1024 * 1024;

    private readonly byte[] _part = ArrayPool<byte>.Shared.Rent(PartBytes);
    private readonly List<PartETag> _sent = [];
    private string? _uploadId;

    /// <summary>Sends everything; what fails leaves no object behind.</summary>
    /// <param name="content">The stream, read to its end.</param>
    /// <param name="hash">Sees what passes.</param>
    /// <param name="within">Bounds a request in time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(Stream content, ContentHash hash, S3RequestLimit within, CancellationToken cancellationToken)
    {
        int count;
        do
        {
            count = await content.ReadAtLeastAsync(_part.AsMemory(0, PartBytes), PartBytes, throwOnEndOfStream: false, cancellationToken);
            hash.Append(_part.AsSpan(0, count));
            bool isLast = count < PartBytes;
            if (isLast && _uploadId is null)
            {
                await within.RunAsync(token => PutWholeAsync(count, token), cancellationToken);
                return;
            }

            if (count > 0)
            {
                _uploadId ??= await within.RunAsync(BeginAsync, cancellationToken);
                await within.RunAsync(token => SendPartAsync(count, token), cancellationToken);
            }
        }
        while (count == PartBytes);

        await within.RunAsync(CompleteAsync, cancellationToken);
        _uploadId = null;
    }

    public async ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_part);
        if (_uploadId is { } unfinished)
        {
            await AbortAsync(unfinished);
        }
    }

    /// <summary>Why the upload failed matters more than whether its parts could be thrown away; stores clear such parts by a rule of the bucket.</summary>
    private async Task AbortAsync(string uploadId)
    {
        try
        {
            await client.AbortMultipartUploadAsync(bucket, key, uploadId);
        }
        catch (AmazonServiceException)
        {
        }
    }

    private async Task<bool> PutWholeAsync(int count, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream(_part, 0, count, writable: false);
        await client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = key, InputStream = body, AutoCloseStream = false, UseChunkEncoding = false }, cancellationToken);
        return true;
    }

    private async Task<string> BeginAsync(CancellationToken cancellationToken) =>
        (await client.InitiateMultipartUploadAsync(bucket, key, cancellationToken)).UploadId;

    private async Task<bool> SendPartAsync(int count, CancellationToken cancellationToken)
    {
        int number = _sent.Count + 1;
        using var body = new MemoryStream(_part, 0, count, writable: false);
        UploadPartResponse response = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = _uploadId,
                PartNumber = number,
                InputStream = body,
                PartSize = count,
                UseChunkEncoding = false,
            },
            cancellationToken);
        _sent.Add(new PartETag(number, response.ETag));
        return true;
    }

    private async Task<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        await client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = _uploadId, PartETags = _sent }, cancellationToken);
        return true;
    }
}
