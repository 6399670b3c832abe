using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Api.Xrpc;
using Pds.Domain.Errors;

namespace Pds.Api.Pages;

/// <summary>Turns refusals into pages.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PageErrorsAttribute : ExceptionFilterAttribute
{
    /// <inheritdoc/>
    public override async Task OnExceptionAsync(ExceptionContext context)
    {
        HttpContext http = context.HttpContext;
        if (context.Exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        (int status, string message) = Describe(http, context.Exception);
        XrpcFault.SetRetryAfter(http.Response.Headers, status);
        await http.RequestServices.GetRequiredService<PageRenderer>().WriteAsync(http, typeof(ErrorPage), new ErrorModel { Fault = message }, status);
        context.Result = new EmptyResult();
        context.ExceptionHandled = true;
    }

    private static (int Status, string Message) Describe(HttpContext http, Exception exception)
    {
        if (exception is XrpcException refusal)
        {
            return (XrpcFault.From(refusal).Status, refusal.Message);
        }

        if (RequestFault.IsTooLarge(exception))
        {
            return (StatusCodes.Status413PayloadTooLarge, "The form is too large.");
        }

        if (RequestFault.IsUnreadable(exception))
        {
            return (StatusCodes.Status400BadRequest, "The form could not be read.");
        }

        Log.UnexpectedFault(http.RequestServices.GetRequiredService<ILogger<PageErrorsAttribute>>(), http.TraceIdentifier, http.Request.Method, http.Request.Path, exception);
        return (StatusCodes.Status500InternalServerError, "Something went wrong on this server. Try again later.");
    }
}
