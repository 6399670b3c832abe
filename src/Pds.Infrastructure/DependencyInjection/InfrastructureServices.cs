using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Lexicons;
using Pds.Infrastructure.Server;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers the adapters behind the ports of the application.</summary>
public static class InfrastructureServices
{
    /// <summary>Adds all adapters, each unless the host brought its own. <c>AddPds</c> calls it.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    public static PdsBuilder AddInfrastructure(this PdsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PdsOptions>, DevelopmentSecrets>());
        services.AddCryptography();
        services.AddPersistence();
        services.AddHostedService<LibrariesInUse>();
        builder.AddIdentity();
        builder.AddLexiconResolution();
        builder.AddMail();
        builder.AddAccounts();
        builder.AddFactors();
        builder.AddOAuth();
        builder.AddModeration();
        builder.AddProxying();
        return builder;
    }
}
