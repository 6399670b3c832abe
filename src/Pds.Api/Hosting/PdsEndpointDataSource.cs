using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using Pds.Api.Pages;
using Pds.Api.Proxying;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;

namespace Pds.Api.Hosting;

/// <summary>Our controllers as endpoints, without the host's: unhidden, answering HEAD and OPTIONS as well, and each behind <see cref="PdsEdge"/>.</summary>
internal sealed class PdsEndpointDataSource(EndpointDataSource controllers, PdsEdge edge, UnknownMethodEndpoint unknownMethod, PdsPagesOptions pages) : EndpointDataSource
{
    public override IReadOnlyList<Endpoint> Endpoints => Build();

    public override IChangeToken GetChangeToken() => controllers.GetChangeToken();

    private List<Endpoint> Build()
    {
        List<(RouteEndpoint Endpoint, XrpcMethod? Method)> ours = [];
        HashSet<(string Path, string Verb)> taken = [];
        foreach (RouteEndpoint endpoint in controllers.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is { } action && PdsControllerModel.IsPds(action.ControllerTypeInfo)
                && PdsAreaAttribute.IsServed(endpoint, pages))
            {
                ours.Add((endpoint, XrpcMethod.Of(action)));
                taken.UnionWith(VerbsOf(endpoint).Select(verb => (PathOf(endpoint), verb)));
            }
        }

        List<Endpoint> endpoints = [.. ours.Select(one => Rebuild(one.Endpoint, one.Method, taken))];
        endpoints.Add(new RouteEndpoint(
            edge.Around(unknownMethod.InvokeAsync, method: null), RoutePatternFactory.Parse("xrpc/{**method}"), order: 0, EndpointMetadataCollection.Empty, "XRPC, unknown method"));
        return endpoints;
    }

    private RouteEndpoint Rebuild(RouteEndpoint endpoint, XrpcMethod? method, HashSet<(string Path, string Verb)> taken)
    {
        bool isSubscription = endpoint.Metadata.GetMetadata<XrpcSubscriptionAttribute>() is not null;
        List<object> metadata = [.. endpoint.Metadata.Where(item => item is not (ISuppressMatchingMetadata or IHttpMethodMetadata))];
        if (VerbsOf(endpoint) is { Count: > 0 } declared)
        {
            // HEAD goes with GET, and one endpoint of each path takes the preflight; two would be ambiguous.
            IEnumerable<string> wanted = declared.Contains(HttpMethods.Get) ? [HttpMethods.Head, HttpMethods.Options] : [HttpMethods.Options];
            metadata.Add(new HttpMethodMetadata([.. declared, .. wanted.Where(verb => taken.Add((PathOf(endpoint), verb)))]));
        }

        CapacityKind? kind = endpoint.Metadata.GetMetadata<CapacityAttribute>()?.Kind;
        return new RouteEndpoint(edge.Around(endpoint.RequestDelegate!, method, isSubscription, kind), endpoint.RoutePattern, endpoint.Order, new EndpointMetadataCollection(metadata), endpoint.DisplayName);
    }

    private static IReadOnlyList<string> VerbsOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static string PathOf(RouteEndpoint endpoint) => (endpoint.RoutePattern.RawText ?? "").Trim('/').ToLowerInvariant();
}
