using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Domain.Errors;

namespace Pds.Api.Xrpc;

/// <summary>Around every XRPC action: keeps MVC from reading forms before we do, and refuses bodies nobody asked for once parameters and credentials are good.</summary>
internal sealed class XrpcInputGuard : IResourceFilter, IAsyncActionFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context) => context.ValueProviderFactories.Clear();

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        XrpcMethod? method = XrpcMethod.Of(context.ActionDescriptor);
        if (method is { IsSubscription: false, Body: null } && await HasContentAsync(context.HttpContext))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "A request body was provided when none was expected");
        }

        await next();
    }

    /// <summary>An announced length of zero and an empty chunked body are no content.</summary>
    private static async ValueTask<bool> HasContentAsync(HttpContext context)
    {
        if (context.Request.ContentLength is { } length)
        {
            return length > 0;
        }

        return context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true
            && await context.Request.Body.ReadAsync(new byte[1], context.RequestAborted) > 0;
    }
}
