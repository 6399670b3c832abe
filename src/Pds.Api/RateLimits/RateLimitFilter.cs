using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Api.Xrpc;

namespace Pds.Api.RateLimits;

/// <summary>Counts pages and the endpoints of OAuth, and calls after parameters, credentials and input were found good, right before they are carried out: whoever errs pays nothing.</summary>
internal sealed class RateLimitFilter : IAsyncActionFilter
{
    public Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        RateLimiter limiter = context.HttpContext.RequestServices.GetRequiredService<RateLimiter>();
        if (limiter.IsEnabled)
        {
            if (XrpcMethod.Of(context.ActionDescriptor) is { } method)
            {
                limiter.CountCall(context.HttpContext, RateLimitRules.Of(method), context.ActionArguments.Values);
            }
            else if (context.ActionDescriptor.Properties.TryGetValue(typeof(RateLimitRule), out object? rules))
            {
                // Here, where a refusal still becomes a page, or an error as OAuth has it.
                limiter.CountRequest(context.HttpContext);
                limiter.CountCall(context.HttpContext, (RateLimitRule[])rules!, []);
            }
        }

        return next();
    }
}
