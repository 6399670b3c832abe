using Pds.Application.Crypto;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.Crypto;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers keys and signatures.</summary>
internal static class CryptoServices
{
    public static PdsBuilder AddCrypto(this PdsBuilder builder)
    {
        builder.Services.AddCryptography(_ => Secp256k1Library.Auto);
        return builder;
    }
}
