using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.Application.OAuth;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.OAuth;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers OAuth.</summary>
internal static class OAuthServices
{
    public static PdsBuilder AddOAuth(this PdsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOAuthUseCases();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISignInFeature, BrowserSignIns>());
        services.TryAddSingleton<EfDeviceStore>();
        services.TryAddSingleton<IDeviceStore>(provider => provider.GetRequiredService<EfDeviceStore>());
        services.TryAddSingleton<IConsentStore>(provider => provider.GetRequiredService<EfDeviceStore>());
        services.TryAddSingleton<IAuthorizationRequestStore, EfAuthorizationRequestStore>();
        services.TryAddSingleton<IOAuthSessionStore, EfOAuthSessionStore>();
        services.TryAddSingleton<IReplayStore, MemoryReplayStore>();
        services.TryAddSingleton<IClientMetadataSource, ClientDocuments>();
        return builder;
    }
}
