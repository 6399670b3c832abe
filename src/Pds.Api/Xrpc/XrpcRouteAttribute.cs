using Microsoft.AspNetCore.Mvc.Routing;
using Pds.Application.Pipeline;

namespace Pds.Api.Xrpc;

/// <summary>Serves the method of a message: its NSID is the route, a command is a procedure (POST), all else a query (GET). What the message demands holds for the action.</summary>
/// <typeparam name="TMessage">The message, which bears <see cref="XrpcMethodAttribute"/>.</typeparam>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XrpcRouteAttribute<TMessage>() : XrpcRouteAttribute(typeof(TMessage));

/// <summary>Serves the method of a message; see <see cref="XrpcRouteAttribute{TMessage}"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class XrpcRouteAttribute : HttpMethodAttribute
{
    private protected XrpcRouteAttribute(Type message)
        : base([IsCommand(message) ? "POST" : "GET"], XrpcMethodAttribute.NsidOf(message)) => Message = message;

    /// <summary>The type of the message.</summary>
    public Type Message { get; }

    private static bool IsCommand(Type message) =>
        Array.Exists(message.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(ICommand<>));
}
