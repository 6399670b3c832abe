using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Api.Authentication;
using Pds.Api.Xrpc;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Api.OAuth;

/// <summary>Turns refusals into the error answers of OAuth: <c>error</c> and <c>error_description</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OAuthErrorsAttribute : ExceptionFilterAttribute
{
    /// <inheritdoc/>
    public override void OnException(ExceptionContext context)
    {
        if (context.Exception is OperationCanceledException && context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (RequestFault.IsTooLarge(context.Exception))
        {
            context.Exception = TooLarge();
        }
        else if (RequestFault.IsUnreadable(context.Exception))
        {
            context.Exception = new XrpcException(OAuthErrors.InvalidRequest, "The body could not be read");
        }

        if (context.Exception is not XrpcException refusal)
        {
            Log.UnexpectedFault(
                context.HttpContext.RequestServices.GetRequiredService<ILogger<OAuthErrorsAttribute>>(),
                context.HttpContext.TraceIdentifier, context.HttpContext.Request.Method, context.HttpContext.Request.Path, context.Exception);
            refusal = new XrpcException(OAuthErrors.ServerError, "Internal Server Error");
        }

        int status = XrpcFault.From(refusal).Status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            DpopHandler.Challenge(context.HttpContext.Response, refusal);
        }

        XrpcFault.SetRetryAfter(context.HttpContext.Response.Headers, status);
        context.Result = new XrpcResult(new OAuthErrorBody(refusal.Error.Name, refusal.Message), status);
        context.ExceptionHandled = true;
    }

    /// <summary>The refusal of a body over the limit.</summary>
    public static XrpcException TooLarge() => new(OAuthErrors.RequestTooLarge, $"The body is longer than {OAuthBody.MaxBytes} bytes");
}

/// <summary>The body of an error answer.</summary>
/// <param name="Error">Name of the error.</param>
/// <param name="Description">Words for developers.</param>
internal sealed record OAuthErrorBody(string Error, [property: JsonPropertyName("error_description")] string Description);
