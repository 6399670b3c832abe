using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Pds.Api.Xrpc;

namespace Pds.Api.Proxying;

/// <summary>
/// The methods stand in for those of the AppView of the settings: without one they are methods like any other that this server does not have,
/// and so they are when the client names another AppView.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class ForwardElsewhereAttribute : Attribute, IAsyncResourceFilter
{
    /// <inheritdoc/>
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        ServiceForwarder forwarder = context.HttpContext.RequestServices.GetRequiredService<ServiceForwarder>();
        if (forwarder.IsElsewhere(context.HttpContext.Request))
        {
            context.Result = new EmptyResult();
            await forwarder.ForwardAsync(context.HttpContext, XrpcMethod.Of(context.ActionDescriptor)!.Nsid);
            return;
        }

        await next();
    }
}
