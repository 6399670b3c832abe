using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pds.Application.Factors;

/// <summary>Registers what the use cases of second factors and passkeys share.</summary>
public static class FactorUseCases
{
    /// <summary>Adds checks, challenges and mails; safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddFactorUseCases(this IServiceCollection services)
    {
        services.TryAddSingleton<FactorMails>();
        services.TryAddSingleton<AuthenticatorCheck>();
        services.TryAddSingleton<TrustedBrowsers>();
        services.TryAddSingleton<PendingSignIns>();
        services.TryAddSingleton<PasskeyChallenges>();
        services.TryAddSingleton<PasskeySignIn>();
        return services;
    }
}
