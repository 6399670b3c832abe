using Microsoft.AspNetCore.Mvc;
using Pds.Application.Sync;

namespace Pds.Api.Sync;

/// <summary>Answers with an archive, sent while it is made; a reader that is slow slows it down.</summary>
internal sealed class CarResult(CarExport export) : IActionResult
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
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();    // nobody reads any more, and half an archive must not look like a whole one
        }
    }
}
