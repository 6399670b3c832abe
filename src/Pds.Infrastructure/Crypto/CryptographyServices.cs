using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Settings;
using Pds.Domain.Crypto;

namespace Pds.Infrastructure.Crypto;

/// <summary>Registers keys, signatures and password hashes.</summary>
internal static class CryptographyServices
{
    /// <summary>Adds the adapters. Native libraries are looked for once, when first needed.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="setting">Which implementation of secp256k1 to use.</param>
    public static IServiceCollection AddCryptography(this IServiceCollection services, Func<IServiceProvider, Secp256k1Library> setting)
    {
        services.TryAddSingleton(provider => Secp256k1.Open(setting(provider)));
        services.TryAddSingleton<IKeyFactory, KeyFactory>();
        services.TryAddSingleton<IVerifier, Verifier>();
        services.TryAddSingleton<IPasswordHasher>(OpenPasswordHasher);
        return services;
    }

    private static ScryptPasswordHasher OpenPasswordHasher(IServiceProvider provider)
    {
        int waiting = provider.GetRequiredService<CapacitySettings>().MaxWaitingPasswords;
        Meter meter = provider.GetRequiredService<IMeterFactory>().Create("Pds");
        return new ScryptPasswordHasher(
            Scrypt.Open(),
            ScryptPasswordHasher.Turns(Environment.ProcessorCount, waiting),
            meter.CreateCounter<long>("pds.capacity.refusals", "{request}", "Requests refused because too many were under way."));
    }
}
