using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;

namespace Pds.Api.Xrpc;

/// <summary>Reads the input of a procedure (spec 04 §1.3).</summary>
internal sealed class XrpcBodyBinder(CapacitySettings capacity, BlobSettings blobs, RepositorySettings repositories, TimeProvider time) : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        HttpContext context = bindingContext.HttpContext;
        XrpcMethod method = XrpcMethod.Of(bindingContext.ActionContext.ActionDescriptor)!;
        XrpcBodyAttribute body = method.Body!;
        RequireContent(context.Request, body.ContentType);
        bool isRaw = bindingContext.ModelType == typeof(Stream);
        long limit = LimitOf(body);
        LiftServerLimits(context, isRaw);
        Stream sent = isRaw ? new PacedBody(context.Request.Body, capacity.MinBodyRate, time, context.RequestAborted) : context.Request.Body;
        Stream decoded = XrpcBodyStream.Open(context.Request, sent, limit, isRaw ? RequestErrors.PayloadTooLarge : RequestErrors.JsonTooLarge);
        if (isRaw)
        {
            context.Response.RegisterForDisposeAsync(decoded);
            context.Response.RegisterForDispose(sent);
            bindingContext.Succeed(decoded);
            return;
        }

        await using (decoded)
        {
            using PooledBuffer buffer = new();
            int read;
            while ((read = await decoded.ReadAsync(buffer.GetMemory(), context.RequestAborted)) > 0)
            {
                buffer.Advance(read);
            }

            bindingContext.Succeed(Parse(buffer.WrittenSpan, bindingContext.ModelType, method.Nsid));
        }
    }

    /// <summary>Parses the JSON of an input record.</summary>
    /// <exception cref="XrpcException">SyntaxError when it is no JSON, InvalidRequest when it is not the JSON the lexicon asks for.</exception>
    internal static object Parse(ReadOnlySpan<byte> json, Type type, string nsid)
    {
        // An announced but empty body means no members, as in the reference.
        ReadOnlySpan<byte> text = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
        text = text.IsEmpty ? "{}"u8 : text;
        try
        {
            object input = JsonSerializer.Deserialize(text, type, XrpcJson.Options) ?? throw Invalid(nsid, "Input must be an object");

            // Members that are kept as JSON were not looked into.
            return UnicodeJson.IsUnicode(text) ? input : throw Invalid(nsid, "A text is not valid Unicode");
        }
        catch (JsonException exception)
        {
            throw XrpcJsonFault.IsWellFormed(text)
                ? Invalid(nsid, XrpcJsonFault.Explain(exception, text, type))
                : new XrpcException(RequestErrors.SyntaxError, "The request body is not valid JSON.");
        }
        catch (NotSupportedException exception)
        {
            // A member of a union without its $type: the serializer takes that for a mistake of the program.
            throw Invalid(nsid, XrpcJsonFault.Explain(exception));
        }
    }

    private static XrpcException Invalid(string nsid, string reason) => new(RequestErrors.InvalidRequest, $"Invalid {nsid} input: {reason}");

    private static void RequireContent(HttpRequest request, string expected)
    {
        if (request.ContentLength is null && request.Headers.TransferEncoding.Count == 0 && !CanHaveBody(request))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "A request body is expected but none was provided");
        }

        string? contentType = request.ContentType;
        if (string.IsNullOrWhiteSpace(contentType))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Request encoding (Content-Type) required but not provided");
        }

        int parameters = contentType.IndexOf(';', StringComparison.Ordinal);
        string mediaType = (parameters < 0 ? contentType : contentType[..parameters]).Trim();
        if (expected != "*/*" && !mediaType.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Wrong request encoding (Content-Type): {mediaType}");
        }
    }

    private static bool CanHaveBody(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true;

    private long LimitOf(XrpcBodyAttribute body) => body.Limit switch
    {
        XrpcBodyLimit.BlobUpload => blobs.UploadLimit,
        XrpcBodyLimit.RepoImport => repositories.MaxImportSize ?? long.MaxValue,
        _ => body.MaxBytes,
    };

    /// <summary>Our limits are per method and hold for the decoded body; the server's own would cut large uploads off. The pace of uploads is ours to judge.</summary>
    private static void LiftServerLimits(HttpContext context, bool isRaw)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (isRaw && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
