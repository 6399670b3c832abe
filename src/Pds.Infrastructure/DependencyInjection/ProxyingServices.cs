using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.Application.Proxying;
using Pds.Infrastructure.Proxying;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers calls of other services.</summary>
internal static class ProxyingServices
{
    public static PdsBuilder AddProxying(this PdsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddProxyingUseCases();
        services.TryAddSingleton<IServiceClient, ServiceClient>();

        return builder;
    }
}
