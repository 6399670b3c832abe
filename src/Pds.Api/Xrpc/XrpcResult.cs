using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Pds.Api.Xrpc;

/// <summary>A JSON answer, written in whole before the first byte leaves, so that a fault can still become a proper error.</summary>
internal sealed class XrpcResult(object output, int status = StatusCodes.Status200OK) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context) => WriteAsync(context.HttpContext, output, status);

    public static async Task WriteAsync(HttpContext context, object output, int status)
    {
        using PooledBuffer buffer = new();
        using (Utf8JsonWriter writer = new(buffer, XrpcJson.WriterOptions))
        {
            JsonSerializer.Serialize(writer, output, output.GetType(), XrpcJson.Options);
        }

        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = XrpcJson.ContentType;
        response.ContentLength = buffer.WrittenMemory.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
        }
    }
}
