using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Settings;
using Pds.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.Infrastructure.Crypto;

/// <summary>Registers keys, signatures and password hashes.</summary>
internal static class CryptographyServices
{
    /// <summary>Adds the adapters. Native libraries are loaded once, when first needed.</summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddCryptography(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => Secp256k1.Open());
        services.TryAddSingleton(_ => Scrypt.Open());
        services.TryAddSingleton<IKeyFactory, KeyFactory>();
        services.TryAddSingleton<IVerifier>(provider => new Verifier(provider.GetRequiredService<Secp256k1>()));
        services.TryAddSingleton<IPasswordHasher>(OpenPasswordHasher);
        return services;
    }

    private static ScryptPasswordHasher OpenPasswordHasher(IServiceProvider provider)
    {
        int waiting = provider.GetRequiredService<CapacitySettings>().MaxWaitingPasswords;
        Meter meter = provider.GetRequiredService<IMeterFactory>().Create("Pds");
        return new ScryptPasswordHasher(
            provider.GetRequiredService<Scrypt>(),
            ScryptPasswordHasher.Turns(Environment.ProcessorCount, waiting),
            meter.CreateCounter<long>("pds.capacity.refusals", "{request}", "Requests refused because too many were under way."));
    }
}
