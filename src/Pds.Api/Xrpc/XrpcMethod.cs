using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
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
        IsProcedure = action.Attributes.OfType<HttpPostAttribute>().Any();
        Called = new CalledMethod(nsid, KindsOf(action), IsProcedure);
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

    public XrpcParameter Parameter(string name) => _parameters[name];

    public static XrpcMethod? Of(ActionDescriptor action) => action.Properties.TryGetValue(typeof(XrpcMethod), out object? method) ? (XrpcMethod?)method : null;

    private static CallerKinds KindsOf(ActionModel action) =>
        (action.ActionMethod.GetCustomAttribute<XrpcOpenToAttribute>() ?? action.Controller.ControllerType.GetCustomAttribute<XrpcOpenToAttribute>())?.Kinds
            ?? CallerKinds.AsPermitted;
}
