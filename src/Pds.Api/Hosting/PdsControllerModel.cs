using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.Authentication;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;

namespace Pds.Api.Hosting;

/// <summary>Gives our controllers their own binding and hides them from the host: its <c>MapControllers</c> and its API explorer do not see them. Other controllers are left alone.</summary>
internal sealed class PdsControllerModel : IApplicationModelProvider
{
    private static readonly Assembly Ours = typeof(PdsControllerModel).Assembly;

    /// <summary>After the framework's own provider, which is at -1000.</summary>
    public int Order => 0;

    /// <summary>Whether a controller is for <c>MapPds</c> to map: ours, and what a host derives from <see cref="XrpcController"/>.</summary>
    public static bool IsPds(TypeInfo controller) => controller.Assembly == Ours || controller.IsSubclassOf(typeof(XrpcController));

    public void OnProvidersExecuting(ApplicationModelProviderContext context)
    {
        foreach (ControllerModel controller in context.Result.Controllers.Where(controller => IsPds(controller.ControllerType)))
        {
            controller.ApiExplorer.IsVisible = false;
            bool isXrpc = controller.ControllerType.IsSubclassOf(typeof(XrpcController));
            if (isXrpc)
            {
                controller.Filters.Add(new XrpcInputGuard());
            }

            if (controller.Attributes.OfType<ExceptionFilterAttribute>().Any())
            {
                controller.Filters.Add(new RateLimitFilter());    // XRPC, OAuth and pages; what says nothing of refusals is static
            }

            foreach (ActionModel action in controller.Actions)
            {
                Hide(action);
                Bound(action);
                if (isXrpc)
                {
                    Describe(action);
                }
                else
                {
                    action.Properties[typeof(RateLimitRule)] = RateLimitRules.Of(TemplateOf(action), action.Attributes.OfType<RateLimitAttribute>());
                }
            }
        }
    }

    public void OnProvidersExecuted(ApplicationModelProviderContext context)
    {
    }

    private static void Hide(ActionModel action)
    {
        foreach (SelectorModel selector in action.Selectors)
        {
            // Taken off again by the endpoints of MapPds. The host's fallback policy is not for us: XRPC has its own authentication.
            selector.EndpointMetadata.Add(new SuppressMatchingMetadata());
            selector.EndpointMetadata.Add(new AllowAnonymousAttribute());
        }
    }

    private static void Bound(ActionModel action)
    {
        switch (action.Attributes.OfType<CapacityAttribute>().FirstOrDefault()?.Kind)
        {
            case CapacityKind.Writes:
                action.Filters.Add(new WriteCapacityFilter());
                break;
            case CapacityKind.Passwords:
                action.Filters.Add(new PasswordCapacityFilter());
                break;
        }
    }

    private static string TemplateOf(ActionModel action) =>
        action.Selectors.Select(selector => selector.AttributeRouteModel?.Template).FirstOrDefault(template => template is not null) ?? action.ActionName;

    private static void Describe(ActionModel action)
    {
        if (action.Selectors is not [{ AttributeRouteModel.Template: { } nsid }])
        {
            throw new InvalidOperationException($"{action.DisplayName} must have exactly one route: the NSID of its method.");
        }

        action.Properties[typeof(XrpcMethod)] = new XrpcMethod(action, nsid);
        foreach (ParameterModel parameter in action.Parameters)
        {
            if (BinderOf(parameter.ParameterInfo) is { } binder)
            {
                parameter.BindingInfo = new BindingInfo { BinderType = binder, BindingSource = BindingSource.Custom, BinderModelName = parameter.Name };
            }
        }
    }

    private static Type? BinderOf(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(Caller) || parameter.ParameterType == typeof(AuthorizationHeader))
        {
            return typeof(CallerBinder);
        }

        return parameter.IsDefined(typeof(XrpcBodyAttribute)) ? typeof(XrpcBodyBinder)
            : XrpcParameter.IsQuery(parameter) ? typeof(XrpcQueryBinder)
            : null;
    }
}
