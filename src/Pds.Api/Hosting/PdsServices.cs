using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Api.Authentication;
using Pds.Api.Factors;
using Pds.Api.Hosting;
using Pds.Api.Pages;
using Pds.Api.Pages.SignIn;
using Pds.Api.Proxying;
using Pds.Api.RateLimits;
using Pds.Api.Sync;
using Pds.Api.Xrpc;
using Pds.Application.DependencyInjection;
using Pds.Application.Factors;
using Pds.Application.Server;
using Pds.Infrastructure.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a PDS to an application.</summary>
public static class PdsServices
{
    /// <summary>Adds a PDS. Settings are judged when the application starts.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the settings.</param>
    public static PdsBuilder AddPds(this IServiceCollection services, Action<PdsOptions> configure)
    {
        services.Configure(configure);
        return Add(services);
    }

    /// <summary>Adds a PDS with settings from a configuration section, named as the members of <see cref="PdsOptions"/>. A name that is none is an error.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section, such as <c>Pds</c>.</param>
    public static PdsBuilder AddPds(this IServiceCollection services, IConfiguration section)
    {
        services.AddOptions<PdsOptions>().Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return Add(services);
    }

    private static PdsBuilder Add(IServiceCollection services)
    {
        PdsBuilder builder = new(services);
        if (services.Any(descriptor => descriptor.ServiceType == typeof(PdsEdge)))
        {
            return builder;
        }

        builder.AddApplication();
        builder.AddInfrastructure();

        // MVC without options: whatever the host has set, or sets later, stays as it is.
        services.AddMvcCore().ConfigureApplicationPartManager(PdsControllers.Add);
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApplicationModelProvider, PdsControllerModel>());
        services.AddOptions<PdsPagesOptions>();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<PdsPagesOptions>>().Value);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<ExternalSignInOptions>>().Value);
        services.AddSingleton<PdsEdge>();
        services.AddSingleton<AnswerCompression>();
        services.AddSingleton<UnknownMethodEndpoint>();
        services.AddSingleton<AdminPassword>();
        services.AddSingleton<DpopHandler>();
        services.AddSingleton<FormTokens>();
        services.AddSingleton<BrowserGuard>();
        services.TryAddSingleton<IPasskeyCeremonies, PasskeyCeremonies>();
        services.AddSingleton<PageTexts>();
        services.AddSingleton<PageTheme>();
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<CallerReader>();
        services.AddSingleton<ServiceForwarder>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton<ClientNetworks>();
        services.AddSingleton<BodyTimes>();
        services.AddSingleton<Capacity>();
        services.AddSingleton<IHealthProbe, StoppingProbe>();
        services.AddSingleton<SubscriberGate>();
        services.AddSingleton<SubscriberMeter>();
        services.AddSingleton<SubscriberMemory>();
        return builder;
    }
}
