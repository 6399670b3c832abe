using System.Reflection;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Routing;
using Pds.Application.Pipeline;

namespace Pds.Api.Xrpc;

/// <summary>What is known of one method before any request: derived from the action once, kept with its descriptor.</summary>
internal sealed class XrpcMethod
{
    private readonly Dictionary<string, XrpcParameter> _parameters;

    public XrpcMethod(ActionModel action, string nsid)
    {
        Nsid = nsid;
        ParameterInfo[] parameters = action.ActionMethod.GetParameters();
        _parameters = parameters
            .Where(XrpcParameter.IsQuery)
            .ToDictionary(parameter => parameter.Name!, parameter => new XrpcParameter(parameter), StringComparer.Ordinal);
        Body = parameters.Select(parameter => parameter.GetCustomAttribute<XrpcBodyAttribute>()).FirstOrDefault(body => body is not null);
        ParameterInfo? caller = Array.Find(parameters, parameter => parameter.ParameterType == typeof(Caller));
        Authenticates = caller is not null || Array.Exists(parameters, parameter => parameter.ParameterType == typeof(AuthorizationHeader));
        AnswersWithToken = action.ActionMethod.IsDefined(typeof(XrpcNoStoreAttribute));
        IsUncompressed = action.ActionMethod.IsDefined(typeof(XrpcUncompressedAttribute));
        IsSubscription = action.ActionMethod.IsDefined(typeof(XrpcSubscriptionAttribute));
        IsProcedure = action.Attributes.OfType<HttpMethodAttribute>().Any(route => route.HttpMethods.Contains(HttpMethods.Post));
        Called = new CalledMethod(nsid, KindsOf(action), IsProcedure);
        Limits = [.. Stated<RateLimitAttribute>(action)];
        ReplacesGlobalLimit = Limits.Any(limit => limit.ReplacesGlobal);
        Restrictions = Stated<XrpcRestrictedAttribute>(action).Aggregate(MethodRestrictions.None, (all, stated) => all | stated.Restrictions);
        CallerIsOptional = !IsProcedure || caller?.GetCustomAttribute<XrpcCallerAttribute>()?.Optional is true;
    }

    public string Nsid { get; }

    /// <summary>What credentials are judged by.</summary>
    public CalledMethod Called { get; }

    /// <summary>POST; everything else is GET.</summary>
    public bool IsProcedure { get; }

    /// <summary>Answers over a WebSocket.</summary>
    public bool IsSubscription { get; }

    /// <summary>Answers as it is, whatever encodings the client takes.</summary>
    public bool IsUncompressed { get; }

    public XrpcBodyAttribute? Body { get; }

    /// <summary>Whether answers depend on credentials, so that no cache may share them.</summary>
    public bool Authenticates { get; }

    /// <summary>Whether a request without credentials gets as far as the message, whose permission then decides. A procedure must not look at the body of a stranger.</summary>
    public bool CallerIsOptional { get; }

    public bool AnswersWithToken { get; }

    /// <summary>What calls are counted by, beside the limit of all requests.</summary>
    public IReadOnlyList<RateLimitAttribute> Limits { get; }

    /// <summary>Whether the limit of all requests leaves the method out.</summary>
    public bool ReplacesGlobalLimit { get; }

    /// <summary>What restricts it where it is forwarded or named by a service token.</summary>
    public MethodRestrictions Restrictions { get; }

    public XrpcParameter Parameter(string name) => _parameters[name];

    public static XrpcMethod? Of(ActionDescriptor action) => action.Properties.TryGetValue(typeof(XrpcMethod), out object? method) ? (XrpcMethod?)method : null;

    /// <summary>What the action and its message state, the action first.</summary>
    private static IEnumerable<T> Stated<T>(ActionModel action)
        where T : Attribute =>
        action.Attributes.OfType<T>().Concat(action.Attributes.OfType<XrpcRouteAttribute>().SelectMany(route => route.Message.GetCustomAttributes<T>()));

    private static CallerKinds KindsOf(ActionModel action) =>
        (action.ActionMethod.GetCustomAttribute<XrpcOpenToAttribute>() ?? action.Controller.ControllerType.GetCustomAttribute<XrpcOpenToAttribute>())?.Kinds
            ?? CallerKinds.AsPermitted;
}
