using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using Pds.Api.Xrpc;

namespace Pds.Api.Hosting;

/// <summary>Our controllers as endpoints, without the host's: unhidden, answering HEAD and OPTIONS as well, and each behind <see cref="PdsEdge"/>.</summary>
internal sealed class PdsEndpointDataSource(EndpointDataSource controllers, PdsEdge edge, UnknownMethodEndpoint unknownMethod) : EndpointDataSource
{
    public override IReadOnlyList<Endpoint> Endpoints => Build();

    public override IChangeToken GetChangeToken() => controllers.GetChangeToken();

    private List<Endpoint> Build()
    {
        List<Endpoint> endpoints = [];
        HashSet<string> patterns = new(StringComparer.OrdinalIgnoreCase);
        foreach (RouteEndpoint endpoint in controllers.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is { } action && PdsControllerModel.IsPds(action.ControllerTypeInfo))
            {
                // One endpoint per path takes the preflight; two would be ambiguous.
                bool takesPreflight = patterns.Add(endpoint.RoutePattern.RawText ?? "");
                endpoints.Add(Rebuild(endpoint, XrpcMethod.Of(action), takesPreflight));
            }
        }

        endpoints.Add(new RouteEndpoint(
            edge.Around(unknownMethod.InvokeAsync, method: null), RoutePatternFactory.Parse("xrpc/{**method}"), order: 0, EndpointMetadataCollection.Empty, "XRPC, unknown method"));
        return endpoints;
    }

    private RouteEndpoint Rebuild(RouteEndpoint endpoint, XrpcMethod? method, bool takesPreflight)
    {
        List<object> metadata = [.. endpoint.Metadata.Where(item => item is not (ISuppressMatchingMetadata or IHttpMethodMetadata))];
        if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } verbs)
        {
            metadata.Add(new HttpMethodMetadata(Verbs(verbs.HttpMethods, takesPreflight)));
        }

        return new RouteEndpoint(edge.Around(endpoint.RequestDelegate!, method), endpoint.RoutePattern, endpoint.Order, new EndpointMetadataCollection(metadata), endpoint.DisplayName);
    }

    private static IEnumerable<string> Verbs(IReadOnlyList<string> declared, bool takesPreflight)
    {
        IEnumerable<string> verbs = declared.Contains(HttpMethods.Get, StringComparer.Ordinal) ? declared.Append(HttpMethods.Head) : declared;
        return takesPreflight ? verbs.Append(HttpMethods.Options) : verbs;
    }
}
