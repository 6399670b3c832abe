using Pds.Api.Hosting;
using Pds.Api.Pages;
using Pds.Api.Proxying;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts a PDS under an application's routes.</summary>
public static class PdsEndpoints
{
    /// <summary>Maps everything the server answers: <c>/xrpc/…</c>, <c>/.well-known/…</c> and its pages. Nothing else of the application changes.</summary>
    /// <param name="endpoints">The application, or a group of it; clients expect a PDS at the root of its origin.</param>
    /// <returns>The same builder.</returns>
    public static IEndpointRouteBuilder MapPds(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        if (services.GetService<PdsEdge>() is not { } edge)
        {
            throw new InvalidOperationException("MapPds needs the services of AddPds: call builder.Services.AddPds(…) first.");
        }

        ControllerRoutes controllers = new(services);
        controllers.MapControllers();
        endpoints.DataSources.Add(new PdsEndpointDataSource(
            new CompositeEndpointDataSource(controllers.DataSources), edge, services.GetRequiredService<UnknownMethodEndpoint>(), services.GetRequiredService<PdsPagesOptions>()));
        return endpoints;
    }

    /// <summary>Collects the controllers' endpoints apart from the application's.</summary>
    private sealed class ControllerRoutes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
