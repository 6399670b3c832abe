using System.Buffers;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Pds.Application.Blobs;

namespace Pds.Api.Blobs;

/// <summary>Answers with a blob or a part of it, so that no browser takes it for a page of ours (spec 03 §1.2).</summary>
/// <remarks>A blob never changes, so its CID is its ETag. It may cease to be served, so caches may only keep it for their owner, and ask.</remarks>
internal sealed class BlobResult(ServedBlob blob) : IActionResult
{
    private const int BufferBytes = 64 * 1024;

    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpContext http = context.HttpContext;
        HttpResponse response = http.Response;
        RequestHeaders asked = http.Request.GetTypedHeaders();
        var tag = new EntityTagHeaderValue($"\"{blob.Entry.Cid}\"");
        if (asked.IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ETag = tag.ToString();
            return;
        }

        long size = blob.Entry.Size;
        (long offset, long length)? part = PartOf(asked, tag, size);
        if (part is { length: 0 })
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = $"bytes */{size}";
            return;
        }

        (long start, long count) = part ?? (0, size);
        await using Stream content = await blob.OpenAsync(start, count, http.RequestAborted);    // no header of the blob's before: it may be gone
        if (part is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {start}-{start + count - 1}/{size}";
        }

        response.Headers.ETag = tag.ToString();
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = blob.Entry.MimeType;
        response.ContentLength = count;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentDisposition = $"attachment; filename=\"{blob.Entry.Cid}\"";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await CopyAsync(content, http, count);
        }
    }

    /// <summary>The one range asked for, clipped to the blob; length 0 when it lies outside, <see langword="null"/> for the whole blob.</summary>
    private static (long Offset, long Length)? PartOf(RequestHeaders asked, EntityTagHeaderValue tag, long size)
    {
        bool applies = asked.IfRange is not { } condition || condition.EntityTag?.Compare(tag, useStrongComparison: true) is true;
        if (!applies || asked.Range is not { Unit.Value: "bytes", Ranges.Count: 1 } ranges)
        {
            return null;    // several ranges at once are not served; ignoring them is allowed
        }

        RangeItemHeaderValue range = ranges.Ranges.Single();
        long first = range.From ?? Math.Max(0, size - range.To!.Value);
        long last = range.From is null ? size - 1 : Math.Min(range.To ?? long.MaxValue, size - 1);
        return first <= last && range is not { From: null, To: 0 } ? (first, last - first + 1) : (0, 0);
    }

    private static async Task CopyAsync(Stream content, HttpContext http, long count)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (count > 0)
            {
                int read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), http.RequestAborted);
                if (read == 0)
                {
                    throw new InvalidDataException("A blob's file is shorter than the blob.");
                }

                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
                count -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
