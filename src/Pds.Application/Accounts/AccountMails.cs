using Microsoft.Extensions.Logging;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Mails tokens to account holders.</summary>
internal sealed partial class AccountMails(
    EmailTokens tokens, IMailer mailer, IMailTemplates templates, ServerSettings server, MailSettings settings, ILogger<AccountMails> logger)
{
    private const string ConfirmationPage = "https://bsky.app/intent/verify-email?code=";

    /// <summary>Makes a token and mails it to the account's address.</summary>
    /// <exception cref="XrpcException">InvalidRequest when the account has no address; UpstreamFailure when the mail could not be handed over.</exception>
    public async Task SendTokenAsync(EmailTokenPurpose purpose, Account account, CancellationToken cancellationToken) =>
        await mailer.SendAsync(await ComposeAsync(purpose, account, cancellationToken), cancellationToken);

    /// <summary>Makes a token and begins to mail it: neither how long delivery takes nor that it fails concerns the caller.</summary>
    /// <exception cref="XrpcException">InvalidRequest when the account has no address.</exception>
    public async Task BeginTokenAsync(EmailTokenPurpose purpose, Account account, CancellationToken cancellationToken) =>
        _ = DeliverAsync(await ComposeAsync(purpose, account, cancellationToken));

    private async Task<Mail> ComposeAsync(EmailTokenPurpose purpose, Account account, CancellationToken cancellationToken)
    {
        string email = account.Email ?? throw new XrpcException(RequestErrors.InvalidRequest, "account does not have an email address");
        string token = await tokens.IssueAsync(purpose, account, cancellationToken);
        Uri? link = purpose == EmailTokenPurpose.ConfirmEmail && !settings.DisableConfirmationLink ? new Uri(ConfirmationPage + token) : null;
        var facts = new MailFacts(account.ShownHandle, token, server.DisplayName, link);
        MailContent content = templates.Compose(purpose, facts);
        return new Mail(email, content.Subject, content.Text, content.Html);
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

    [LoggerMessage(3002, LogLevel.Error, "A mail was not delivered: {Subject}")]
    private partial void LogUndelivered(string subject, Exception exception);
}
