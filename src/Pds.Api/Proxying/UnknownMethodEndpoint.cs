using Microsoft.AspNetCore.Mvc.Infrastructure;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Domain.Errors;

namespace Pds.Api.Proxying;

/// <summary>Whatever below <c>/xrpc/</c> no method takes: wrong verbs, malformed names, methods of other services.</summary>
internal sealed class UnknownMethodEndpoint(IActionDescriptorCollectionProvider actions, ServiceForwarder forwarder, RateLimiter limiter)
{
    public Task InvokeAsync(HttpContext context)
    {
        string name = (context.GetRouteValue("method") as string ?? "").TrimEnd('/');
        if (name.Length == 0 && context.Request.Path.Value?.EndsWith('/') is not true)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        limiter.CountRequest(context, name);
        if (!IsWellFormed(name) || XrpcPath.IsEscaped(context))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "invalid xrpc path");
        }

        string verb = context.Request.Method;
        if (Find(name) is { } known)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Incorrect HTTP method ({verb}) expected {(known.IsProcedure ? HttpMethods.Post : HttpMethods.Get)}");
        }

        return forwarder.ForwardAsync(context, name);
    }

    private XrpcMethod? Find(string name) =>
        actions.ActionDescriptors.Items.Select(XrpcMethod.Of).FirstOrDefault(method => method is not null && method.Nsid.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Letters, digits, dots and hyphens, the latter two never side by side, first or last.</summary>
    internal static bool IsWellFormed(string name)
    {
        bool mayEnd = false;
        foreach (char character in name)
        {
            bool isSeparator = character is '.' or '-';
            if (isSeparator ? !mayEnd : !char.IsAsciiLetterOrDigit(character))
            {
                return false;
            }

            mayEnd = !isSeparator;
        }

        return mayEnd;
    }
}
