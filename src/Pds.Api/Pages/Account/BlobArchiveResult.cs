using System.IO.Compression;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.Errors;

namespace Pds.Api.Pages.Account;

/// <summary>Answers with a ZIP of files, sent while it is made: a file at a time, none of them in memory.</summary>
internal sealed class BlobArchiveResult(ExportBlobsOutput files) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpContext http = context.HttpContext;
        http.Response.ContentType = "application/zip";
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        try
        {
            await using DeferredWriteStream output = new(http.Response.Body);
            await WriteAsync(output, http.RequestAborted);
            await output.FlushAsync(http.RequestAborted);
        }
        catch (Exception exception) when (http.Response.HasStarted && exception is (OperationCanceledException or IOException or XrpcException))
        {
            http.Abort();    // half an archive must not look like a whole one
        }
    }

    /// <summary>Pictures and films are compressed already.</summary>
    private async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        await using ZipArchive archive = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await foreach (ServedBlob file in files.ReadAsync(cancellationToken))
        {
            await using Stream? content = await OpenAsync(file, cancellationToken);
            if (content is null)
            {
                continue;
            }

            ZipArchiveEntry entry = archive.CreateEntry($"{file.Entry.Cid}{FileEnding.Of(file.Entry.MimeType)}", CompressionLevel.NoCompression);
            await using Stream target = await entry.OpenAsync(cancellationToken);
            await content.CopyToAsync(target, cancellationToken);
        }
    }

    /// <summary>One file that is lost must not keep its owner from all others.</summary>
    private static async Task<Stream?> OpenAsync(ServedBlob file, CancellationToken cancellationToken)
    {
        try
        {
            return await file.OpenAsync(0, file.Entry.Size, cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error == BlobErrors.BlobNotFound)
        {
            return null;
        }
    }
}

/// <summary>What names of files end in.</summary>
internal static class FileEnding
{
    /// <summary>The ending for a media type, with its dot; none for those that are rare here.</summary>
    public static string Of(string mediaType) => mediaType.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        "image/avif" => ".avif",
        "image/svg+xml" => ".svg",
        "video/mp4" => ".mp4",
        "video/webm" => ".webm",
        "audio/mpeg" => ".mp3",
        "audio/ogg" => ".ogg",
        "text/plain" => ".txt",
        "text/vtt" => ".vtt",
        "application/json" => ".json",
        "application/pdf" => ".pdf",
        _ => "",
    };
}
