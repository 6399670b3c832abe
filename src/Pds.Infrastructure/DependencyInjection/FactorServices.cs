using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.Application.Factors;
using Pds.Application.Settings;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Factors;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers second factors and passkeys.</summary>
internal static class FactorServices
{
    public static PdsBuilder AddFactors(this PdsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddFactorUseCases();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISignInFeature, FactorSignIns>());
        services.TryAddSingleton(provider => new FactorSecrets(Convert.FromHexString(provider.GetRequiredService<SecretSettings>().PlcRotationKey)));
        services.TryAddSingleton<IAuthenticatorStore, EfAuthenticatorStore>();
        services.TryAddSingleton<IRecoveryCodeStore, EfRecoveryCodeStore>();
        services.TryAddSingleton<ITrustedBrowserStore, EfTrustedBrowserStore>();
        services.TryAddSingleton<IPendingSignInStore, EfPendingSignInStore>();
        services.TryAddSingleton<EfPasskeyStore>();
        services.TryAddSingleton<IPasskeyStore>(provider => provider.GetRequiredService<EfPasskeyStore>());
        services.TryAddSingleton<IPasskeyChallengeStore>(provider => provider.GetRequiredService<EfPasskeyStore>());
        return builder;
    }
}
