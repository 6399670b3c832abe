using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Domain.Errors;

namespace Pds.Api.RateLimits;

/// <summary>Bounds the requests that hash passwords, or wait for that, once their bodies are there: slow senders take no place.</summary>
internal sealed class PasswordCapacityFilter : IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        CapacityGate gate = context.HttpContext.RequestServices.GetRequiredService<Capacity>().Passwords;
        CapacityCaller caller = CapacityPass.Of(context.HttpContext)?.Caller ?? default;
        if (!gate.TryEnter(caller, weight: 1))
        {
            throw new XrpcException(RequestErrors.NotEnoughResources, "Too many people are signing in. Try again in a moment.");
        }

        try
        {
            await next();
        }
        finally
        {
            gate.Leave(caller, weight: 1);
        }
    }
}
