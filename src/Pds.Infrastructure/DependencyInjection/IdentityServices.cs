using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Pds.Application.DependencyInjection;
using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers the resolution of identities, the PLC directory and the word to relays.</summary>
internal static class IdentityServices
{
    /// <summary>Adds <see cref="IDidResolver"/>, <see cref="IHandleResolver"/>, <see cref="IPlcDirectory"/>, <see cref="IPlcLogStore"/> and <see cref="ICrawlNotifier"/>, unless the host brought its own.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    public static PdsBuilder AddIdentity(this PdsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.TryAddSingleton<HostLookup>(System.Net.Dns.GetHostAddressesAsync);
        services.TryAddSingleton<GuardedHttp>();
        services.TryAddSingleton<TrustedHttp>();

        services.TryAddSingleton<TxtClient>();
        services.TryAddSingleton<TxtLookup>(provider => provider.GetRequiredService<TxtClient>().QueryAsync);
        services.TryAddSingleton<HandleResolver>();
        services.TryAddSingleton<HandleLookup>(provider => provider.GetRequiredService<HandleResolver>().ResolveAsync);
        services.TryAddSingleton<IHandleResolver, CachingHandleResolver>();

        services.TryAddSingleton<IPlcLogStore, EfPlcLogStore>();
        services.TryAddSingleton<PlcDirectoryClient>();
        services.TryAddSingleton<InProcessPlcDirectory>();
        services.TryAddSingleton<IPlcDirectory>(provider => IsInProcess(provider) ? provider.GetRequiredService<InProcessPlcDirectory>() : provider.GetRequiredService<PlcDirectoryClient>());
        services.TryAddSingleton<IPlcDocumentSource>(provider => IsInProcess(provider) ? provider.GetRequiredService<InProcessPlcDirectory>() : provider.GetRequiredService<PlcDirectoryClient>());

        services.TryAddSingleton<DidResolver>();
        services.TryAddSingleton<DidFetch>(provider => provider.GetRequiredService<DidResolver>().FetchAsync);
        services.TryAddSingleton<IDidResolver, CachingDidResolver>();

        services.TryAddSingleton<CrawlNotifier>();
        services.TryAddSingleton<ICrawlNotifier>(provider => provider.GetRequiredService<CrawlNotifier>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<CrawlNotifier>());
        return builder;
    }

    private static bool IsInProcess(IServiceProvider provider) => provider.GetRequiredService<IdentitySettings>().PlcUrl is null;
}
