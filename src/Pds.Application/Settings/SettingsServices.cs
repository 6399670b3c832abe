using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;

namespace Pds.Application.Settings;

/// <summary>Registers the settings of each concern as a singleton: a service takes the class of its concern, never all settings.</summary>
internal static class SettingsServices
{
    public static void AddSettings(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => Of(provider).Server);
        services.TryAddSingleton(provider => Of(provider).Storage);
        services.TryAddSingleton(provider => Of(provider).Secrets);
        services.TryAddSingleton(provider => Of(provider).Identity);
        services.TryAddSingleton(provider => Of(provider).Accounts);
        services.TryAddSingleton(provider => Of(provider).SignIn);
        services.TryAddSingleton(provider => Of(provider).Rules);
        services.TryAddSingleton(provider => Of(provider).Blobs);
        services.TryAddSingleton(provider => Of(provider).Repositories);
        services.TryAddSingleton(provider => Of(provider).Firehose);
        services.TryAddSingleton(provider => Of(provider).Mail);
        services.TryAddSingleton(provider => Of(provider).Branding);
        services.TryAddSingleton(provider => Of(provider).OAuth);
        services.TryAddSingleton(provider => Of(provider).Proxying);
        services.TryAddSingleton(provider => Of(provider).Moderation);
        services.TryAddSingleton(provider => Of(provider).RateLimits);
        services.TryAddSingleton(provider => Of(provider).Capacity);
    }

    private static PdsOptions Of(IServiceProvider provider) => provider.GetRequiredService<IOptions<PdsOptions>>().Value;
}
