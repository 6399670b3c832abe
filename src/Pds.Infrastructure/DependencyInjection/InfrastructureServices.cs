using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers the adapters behind the ports of the application.</summary>
public static class InfrastructureServices
{
    /// <summary>Adds all adapters, each unless the host brought its own. <c>AddPds</c> calls it.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    public static PdsBuilder AddInfrastructure(this PdsBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PdsOptions>, DevelopmentSecrets>());
        return builder
            .AddCrypto()
            .AddMail()

            .AddIdentity()
            .AddAccounts();
    }
}
