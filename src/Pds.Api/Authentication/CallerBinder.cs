using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;

namespace Pds.Api.Authentication;

/// <summary>Binds <see cref="Caller"/> and <see cref="AuthorizationHeader"/> parameters.</summary>
internal sealed class CallerBinder(CallerReader callers) : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        XrpcMethod method = XrpcMethod.Of(bindingContext.ActionContext.ActionDescriptor)!;
        bindingContext.Succeed(bindingContext.ModelType == typeof(AuthorizationHeader)
            ? CallerReader.Require(bindingContext.HttpContext.Request)
            : await callers.ReadAsync(bindingContext.HttpContext, method.Called, method.CallerIsOptional));
    }
}
