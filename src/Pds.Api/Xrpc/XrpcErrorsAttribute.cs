using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Pds.Api.Xrpc;

/// <summary>Turns whatever is thrown while binding or acting into an XRPC error answer. Sits on our base controller only.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class XrpcErrorsAttribute : ExceptionFilterAttribute
{
    /// <inheritdoc />
    public override async Task OnExceptionAsync(ExceptionContext context)
    {
        ILogger logger = context.HttpContext.RequestServices.GetRequiredService<ILogger<XrpcErrorsAttribute>>();
        await XrpcFault.AnswerAsync(context.HttpContext, context.Exception, logger);
        context.Result = new EmptyResult();
        context.ExceptionHandled = true;
    }
}
