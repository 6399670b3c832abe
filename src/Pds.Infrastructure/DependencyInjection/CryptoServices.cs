using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers keys and signatures.</summary>
internal static class CryptoServices
{
    public static PdsBuilder AddCrypto(this PdsBuilder builder) => builder;
}
