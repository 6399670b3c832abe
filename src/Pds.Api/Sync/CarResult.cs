using Microsoft.AspNetCore.Mvc;
using Pds.Application.Sync;

namespace Pds.Api.Sync;

/// <summary>Answers with an archive, sent while it is made; a reader that is slow slows it down, and one that takes too long is cut off.</summary>
internal sealed partial class CarResult(CarExport export) : IActionResult
{
    private const string ContentType = "application/vnd.ipld.car";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        await using CarExport archive = export;
        HttpContext http = context.HttpContext;
        http.Response.ContentType = ContentType;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        try
        {
            await archive.WriteToAsync(http.Response.BodyWriter, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || archive.IsExpired)
        {
            if (!http.RequestAborted.IsCancellationRequested)
            {
                ILogger logger = http.RequestServices.GetRequiredService<ILogger<CarResult>>();
                string path = http.Request.Path;
                LogTooSlow(logger, path);
            }

            http.Abort();    // half an archive must not look like a whole one
        }
    }

    [LoggerMessage(EventId = 4111, Level = LogLevel.Information, Message = "An answer to {Path} was cut off: its reader took too long")]
    private static partial void LogTooSlow(ILogger logger, string path);
}
