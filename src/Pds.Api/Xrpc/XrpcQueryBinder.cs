using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Domain.Errors;

namespace Pds.Api.Xrpc;

/// <summary>Binds one query parameter by the rules of XRPC, which differ from MVC's: case counts, empty is absent, repeating a scalar is refused.</summary>
internal sealed class XrpcQueryBinder : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        XrpcMethod method = XrpcMethod.Of(bindingContext.ActionContext.ActionDescriptor)!;
        XrpcParameter parameter = method.Parameter(bindingContext.FieldName);
        if (parameter.TryRead(bindingContext.HttpContext.Request.QueryString.Value, out object? value, out string? fault))
        {
            bindingContext.Succeed(value!);
        }
        else if (fault is not null)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Invalid {method.Nsid} params: {fault}");
        }

        return Task.CompletedTask;
    }
}
