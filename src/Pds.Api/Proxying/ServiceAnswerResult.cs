using System.IO.Pipelines;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Proxying;

namespace Pds.Api.Proxying;

/// <summary>The answer of another service, passed on piece by piece as the client takes it.</summary>
internal sealed class ServiceAnswerResult(ServiceAnswer answer) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        await using (answer)
        {
            await WriteAsync(context.HttpContext, answer);
        }
    }

    /// <summary>Writes an answer; a fault before its first byte is thrown and can still become a proper error.</summary>
    public static async Task WriteAsync(HttpContext context, ServiceAnswer answer)
    {
        HttpResponse response = context.Response;
        PipeWriter writer = response.BodyWriter;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            SetHeaders(response, answer);
            return;
        }

        int read = await answer.Body.ReadAsync(writer.GetMemory(), context.RequestAborted);
        SetHeaders(response, answer);
        while (read > 0)
        {
            writer.Advance(read);
            await writer.FlushAsync(context.RequestAborted);
            read = await answer.Body.ReadAsync(writer.GetMemory(), context.RequestAborted);
        }
    }

    private static void SetHeaders(HttpResponse response, ServiceAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers[name] = value;
        }
    }
}
