using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Repositories;

namespace Pds.Api.Repositories;

/// <summary>A page of records. A large one is written record by record, as fast as the client takes it, so that its JSON is never in memory as a whole.</summary>
internal sealed class RecordPageResult(ListRecordsOutput page) : IActionResult
{
    private const int MaxWholeBytes = 64 * 1024;

    public Task ExecuteResultAsync(ActionContext context) => page.Records.Sum(record => record.Value.Cbor.Length) <= MaxWholeBytes
        ? XrpcResult.WriteAsync(context.HttpContext, page, StatusCodes.Status200OK)
        : WriteInPartsAsync(context.HttpContext);

    private async Task WriteInPartsAsync(HttpContext http)
    {
        http.Response.ContentType = XrpcJson.ContentType;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        PipeWriter output = http.Response.BodyWriter;
        for (int i = 0; i < page.Records.Count; i++)
        {
            WriteRecord(output, i);
            FlushResult result = await output.FlushAsync(http.RequestAborted);
            if (result.IsCompleted || result.IsCanceled)
            {
                return;
            }
        }
    }

    private void WriteRecord(PipeWriter output, int index)
    {
        if (index == 0)
        {
            output.Write("{\"cursor\":"u8);
            WriteJson(output, page.Cursor!);    // a page with records has one
        }

        output.Write(index == 0 ? ",\"records\":["u8 : ","u8);
        WriteJson(output, page.Records[index]);
        if (index == page.Records.Count - 1)
        {
            output.Write("]}"u8);
        }
    }

    private static void WriteJson<TValue>(PipeWriter output, TValue value)
    {
        using PooledBuffer buffer = new();
        using Utf8JsonWriter json = new(buffer, XrpcJson.WriterOptions);
        JsonSerializer.Serialize(json, value, XrpcJson.Options);
        output.Write(buffer.WrittenSpan);
    }
}
