using Microsoft.Extensions.Logging;
using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Tells people by mail what has changed about signing in to their account, so that nobody else changes it unnoticed.</summary>
internal sealed partial class FactorMails(
    IAccountStore accounts, IMailer mailer, IMailTemplates templates, ServerSettings options, ILogger<FactorMails> logger)
{
    /// <summary>Begins to mail a notice, if the account has an address: neither how long delivery takes nor that it fails concerns the caller.</summary>
    public async Task BeginAsync(FactorNotice notice, Did did, CancellationToken cancellationToken, string? detail = null)
    {
        if (await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is { Email: { } email } account)
        {
            var facts = new FactorNoticeFacts(account.ShownHandle, options.DisplayName, detail);
            MailContent content = templates.Compose(notice, facts);
            _ = DeliverAsync(new Mail(email, content.Subject, content.Text, content.Html));
        }
    }

    private async Task DeliverAsync(Mail mail)
    {
        try
        {
            await mailer.SendAsync(mail, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Nobody waits for it: the log is the only place to tell.
            LogUndelivered(mail.Subject, exception);
        }
    }

    [LoggerMessage(3003, LogLevel.Error, "A mail was not delivered: {Subject}")]
    private partial void LogUndelivered(string subject, Exception exception);
}
