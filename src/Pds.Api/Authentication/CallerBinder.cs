using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Primitives;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Api.Authentication;

/// <summary>Binds <see cref="Caller"/> and <see cref="AuthorizationHeader"/> parameters from the <c>Authorization</c> header (spec 04 §4).</summary>
internal sealed class CallerBinder(AdminPassword adminPassword) : IModelBinder
{
    public async Task BindModelAsync(ModelBindingContext bindingContext)
    {
        XrpcMethod method = XrpcMethod.Of(bindingContext.ActionContext.ActionDescriptor)!;
        AuthorizationHeader? header = Read(bindingContext.HttpContext.Request);
        if (bindingContext.ModelType == typeof(AuthorizationHeader))
        {
            bindingContext.Succeed(header ?? throw Missing());
            return;
        }

        if (header is null)
        {
            bindingContext.Succeed(method.CallerIsOptional ? Caller.Anonymous.Instance : throw Missing());
            return;
        }

        bindingContext.Succeed(header.IsBasic
            ? adminPassword.Authenticate(header)
            : await AuthenticateTokenAsync(bindingContext.HttpContext, header, method.Nsid));
    }

    private static async ValueTask<Caller> AuthenticateTokenAsync(HttpContext context, AuthorizationHeader header, string nsid)
    {
        if (header.IsDpop)
        {
            return await context.RequestServices.GetRequiredService<DpopHandler>().AuthenticateAsync(context, header);
        }

        if (!header.IsBearer)
        {
            throw new XrpcException(AuthErrors.InvalidToken, $"Unsupported authorization type: {header.Scheme}");
        }

        ICallerAuthenticator authenticator = context.RequestServices.GetRequiredService<ICallerAuthenticator>();
        return await authenticator.AuthenticateAsync(header, nsid, context.RequestAborted);
    }

    private static AuthorizationHeader? Read(HttpRequest request)
    {
        StringValues lines = request.Headers.Authorization;
        if (lines.Count == 0)
        {
            return null;
        }

        return lines.Count == 1 && AuthorizationHeader.TryParse(lines[0], out AuthorizationHeader? header)
            ? header
            : throw new XrpcException(AuthErrors.InvalidToken, "Malformed authorization header");
    }

    private static XrpcException Missing() => new(AuthErrors.AuthMissing, "Authentication Required");
}
