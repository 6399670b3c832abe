using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Accounts.Smtp;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>Registers mail.</summary>
internal static class MailServices
{
    public static PdsBuilder AddMail(this PdsBuilder builder)
    {
        builder.Services.TryAddSingleton<DevelopmentMailbox>();
        builder.Services.TryAddSingleton<UnsentMailer>();
        builder.Services.TryAddSingleton(new SmtpTrust());
        builder.Services.TryAddSingleton<SmtpMailer>();
        builder.Services.TryAddSingleton<IMailTemplates, MailTemplates>();
        builder.Services.TryAddSingleton<IMailer, OutgoingMail>();
        return builder;
    }
}
