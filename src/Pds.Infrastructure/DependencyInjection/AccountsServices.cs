using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.DependencyInjection;
using Pds.Application.Settings;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers accounts, sessions and the keys of accounts.</summary>
internal static class AccountsServices
{
    public static PdsBuilder AddAccounts(this PdsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddAccountUseCases();
        services.TryAddSingleton<AccountCache>();
        services.TryAddSingleton(provider => new KeyVault(
            Convert.FromHexString(provider.GetRequiredService<SecretSettings>().PlcRotationKey), KeyVault.SigningKeys));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDatabaseStart, SealedKeysStart>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISignInFeature, SessionSignIns>());
        services.TryAddSingleton<SignIns>();
        services.TryAddSingleton<SigningKeys>();
        services.TryAddSingleton<ISigningKeys>(provider => provider.GetRequiredService<SigningKeys>());
        services.TryAddSingleton<IReservedKeyStore>(provider => provider.GetRequiredService<SigningKeys>());
        services.TryAddSingleton<IAccountStore, EfAccountStore>();
        services.TryAddSingleton<ISessionStore, EfSessionStore>();
        services.TryAddSingleton<IAppPasswordStore, EfAppPasswordStore>();
        services.TryAddSingleton<IEmailTokenStore, EfEmailTokenStore>();
        services.TryAddSingleton<IPreferenceStore, EfPreferenceStore>();
        services.TryAddSingleton<IInviteStore, EfInviteStore>();
        services.AddHostedService<ScheduledDeletions>();
        return builder;
    }
}
