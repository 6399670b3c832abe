using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.Accounts;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers mail.</summary>
internal static class MailServices
{
    public static PdsBuilder AddMail(this PdsBuilder builder)
    {
        builder.Services.TryAddSingleton<DevelopmentMailbox>();
        builder.Services.TryAddSingleton<UnsentMailer>();
        builder.Services.TryAddSingleton<IMailer>(provider => provider.GetRequiredService<IOptions<PdsOptions>>().Value.DevMode
            ? provider.GetRequiredService<DevelopmentMailbox>()
            : provider.GetRequiredService<UnsentMailer>());
        return builder;
    }
}
