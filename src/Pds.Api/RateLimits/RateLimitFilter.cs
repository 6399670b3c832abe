using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Api.Xrpc;

namespace Pds.Api.RateLimits;

/// <summary>Counts calls after parameters, credentials and input were found good, right before they are carried out: whoever errs pays nothing.</summary>
internal sealed class RateLimitFilter : IAsyncActionFilter
{
    public Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        RateLimiter limiter = context.HttpContext.RequestServices.GetRequiredService<RateLimiter>();
        if (limiter.IsEnabled && XrpcMethod.Of(context.ActionDescriptor) is { } method)
        {
            limiter.CountCall(context.HttpContext, method.Nsid, context.ActionArguments.Values);
        }

        return next();
    }
}
