using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pds.Application.Proxying;

/// <summary>Registers what the calls of other services share.</summary>
public static class ProxyingUseCases
{
    /// <summary>Adds routes and tokens; safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddProxyingUseCases(this IServiceCollection services)
    {
        services.TryAddSingleton<ServiceRoutes>();
        services.TryAddSingleton<SignedCalls>();
        services.TryAddSingleton<AppViewHandles>();
        services.TryAddSingleton<FeedCalls>();
        services.TryAddSingleton<LocalChangesReader>();
        services.TryAddSingleton<ReadAfterWrite>();
        return services;
    }
}
