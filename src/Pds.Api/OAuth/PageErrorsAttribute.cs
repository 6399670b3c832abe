using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Api.Xrpc;
using Pds.Domain.Errors;

namespace Pds.Api.OAuth;

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

        AuthorizationPages pages = http.RequestServices.GetRequiredService<AuthorizationPages>();
        if (context.Exception is XrpcException refusal)
        {
            int status = XrpcFault.From(refusal).Status;
            XrpcFault.SetRetryAfter(http.Response.Headers, status);
            await pages.WriteErrorAsync(http, status, refusal.Message);
        }
        else if (OAuthErrorsAttribute.IsUnreadable(context.Exception))
        {
            await pages.WriteErrorAsync(http, StatusCodes.Status400BadRequest, "The form could not be read.");
        }
        else
        {
            Log.UnexpectedFault(http.RequestServices.GetRequiredService<ILogger<PageErrorsAttribute>>(), http.TraceIdentifier, http.Request.Method, http.Request.Path, context.Exception);
            await pages.WriteErrorAsync(http, StatusCodes.Status500InternalServerError, "Something went wrong on this server. Try again later.");
        }

        context.Result = new EmptyResult();
        context.ExceptionHandled = true;
    }
}
