using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Pds.Domain.Errors;

namespace Pds.Api.Xrpc;

/// <summary>What goes over the wire when something is refused or fails.</summary>
internal sealed record XrpcFault(int Status, string Error, string Message)
{
    /// <summary>Seconds that whoever was refused is asked to wait.</summary>
    public const int RetryAfterSeconds = 2;

    private const int ClientClosedRequest = 499;

    /// <summary>The only translation of exceptions. What is not a refusal is a fault of ours, of which the client learns nothing.</summary>
    public static XrpcFault From(Exception exception) => exception switch
    {
        XrpcException refusal => new(StatusOf(refusal.Error.Kind), refusal.Error.Name, refusal.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Of(RequestErrors.PayloadTooLarge, "The request body is too large."),
        BadHttpRequestException => Of(RequestErrors.InvalidRequest, "The request could not be read."),
        _ => Of(RequestErrors.InternalServerError, "Internal Server Error"),
    };

    /// <summary>Logs a fault of ours, then answers; aborts the connection when an answer is already under way.</summary>
    public static Task AnswerAsync(HttpContext context, Exception exception, ILogger logger)
    {
        if (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : ClientClosedRequest;
            return Task.CompletedTask;
        }

        XrpcFault fault = From(exception);
        if (fault.Status == StatusCodes.Status500InternalServerError)
        {
            Log.UnexpectedFault(logger, context.TraceIdentifier, context.Request.Method, context.Request.Path, exception);
        }

        if (context.Response.HasStarted || AnswerCompression.HasBegun(context))
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return fault.WriteAsync(context);
    }

    /// <summary>The answer as the result of an action.</summary>
    public IActionResult ToResult(HttpContext context)
    {
        SetHeaders(context.Response.Headers);
        return new XrpcResult(new XrpcErrorBody(Error, Message), Status);
    }

    public Task WriteAsync(HttpContext context)
    {
        SetHeaders(context.Response.Headers);
        return XrpcResult.WriteAsync(context, new XrpcErrorBody(Error, Message), Status);
    }

    /// <summary>Tells when to come back, where the status says that it was only too much at once.</summary>
    public static void SetRetryAfter(IHeaderDictionary headers, int status)
    {
        if (status == StatusCodes.Status503ServiceUnavailable && headers.RetryAfter.Count == 0)
        {
            headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            headers.Append(HeaderNames.AccessControlExposeHeaders, HeaderNames.RetryAfter);
        }
    }

    /// <summary>An error in words of ours.</summary>
    public static XrpcFault Of(XrpcError error, string message) => new(StatusOf(error.Kind), error.Name, message);

    private void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentEncoding = default;
        headers.ContentDisposition = default;
        if (Status == StatusCodes.Status401Unauthorized && headers.WWWAuthenticate.Count == 0)
        {
            headers.WWWAuthenticate = "Bearer";
            headers.Append(HeaderNames.AccessControlExposeHeaders, HeaderNames.WWWAuthenticate);
        }

        SetRetryAfter(headers, Status);
    }

    private static int StatusOf(XrpcErrorKind kind) => kind switch
    {
        XrpcErrorKind.Invalid => StatusCodes.Status400BadRequest,
        XrpcErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        XrpcErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        XrpcErrorKind.NotAcceptable => StatusCodes.Status406NotAcceptable,
        XrpcErrorKind.TimedOut => StatusCodes.Status408RequestTimeout,
        XrpcErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        XrpcErrorKind.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        XrpcErrorKind.RateLimited => StatusCodes.Status429TooManyRequests,
        XrpcErrorKind.UpstreamFailed => StatusCodes.Status502BadGateway,
        XrpcErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        XrpcErrorKind.UpstreamTimeout => StatusCodes.Status504GatewayTimeout,
        XrpcErrorKind.StorageFull => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status500InternalServerError,
    };
}

/// <summary>The body of every error answer.</summary>
/// <param name="Error">Name of the error.</param>
/// <param name="Message">Words for people.</param>
internal sealed record XrpcErrorBody(string Error, string Message);
