using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace Pds.Api.Xrpc;

internal static class ModelBinding
{
    /// <summary>Binds a value and keeps MVC from walking through it with the host's validators.</summary>
    public static void Succeed(this ModelBindingContext context, object value)
    {
        context.ValidationState[value] = new ValidationStateEntry { SuppressValidation = true };
        context.Result = ModelBindingResult.Success(value);
    }
}
