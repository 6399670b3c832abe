using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Infrastructure.Accounts.Smtp;

namespace Pds.Infrastructure.Accounts;

/// <summary>The way out for mail: the mail server if one is set; else the development mailbox, or the log.</summary>
internal sealed class OutgoingMail(ServerSettings options, SmtpMailer smtp, DevelopmentMailbox mailbox, UnsentMailer unsent) : IMailer
{
    public Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        if (smtp.Sends(mail.Sender))
        {
            return smtp.SendAsync(mail, cancellationToken);
        }

        return options.DevMode ? mailbox.SendAsync(mail, cancellationToken) : unsent.SendAsync(mail, cancellationToken);
    }
}
