using System.Net.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>Sends mail through the operator's mail server; a connection for each mail, a few at the same time.</summary>
internal sealed class SmtpMailer(MailSettings settings, ServerSettings local, SmtpTrust trust, TimeProvider time, ILogger<SmtpMailer> logger) : IMailer, IDisposable
{
    private const int MaxConnections = 4;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _connections = new(MaxConnections);
    private readonly SmtpServer? _server = SmtpServer.From(settings.SmtpUrl, settings.FromAddress, "Mail.SmtpUrl (PDS_EMAIL_SMTP_URL)");
    private readonly SmtpServer? _moderation = SmtpServer.From(
        settings.ModerationSmtpUrl, settings.ModerationAddress, "Mail.ModerationSmtpUrl (PDS_MODERATION_EMAIL_SMTP_URL)");

    /// <summary>Whether a mail server is set for those mails.</summary>
    public bool Sends(MailSender sender) => ServerFor(sender) is not null;

    /// <inheritdoc/>
    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        SmtpServer server = ServerFor(mail.Sender) ?? throw new InvalidOperationException("No mail server is set.");
        try
        {
            await DeliverAsync(server, SmtpMessage.Create(mail with { To = EmailAddress.Normalize(mail.To) }, server.Sender, time.GetUtcNow()), cancellationToken);
        }
        catch (SmtpException exception)
        {
            MailLog.Failed(logger, mail.Subject, exception.Message, exception.InnerException);
            throw new XrpcException(RequestErrors.UpstreamFailure, exception.Advice ?? "The mail could not be sent. Try again later.");
        }
    }

    public void Dispose() => _connections.Dispose();

    private SmtpServer? ServerFor(MailSender sender) => sender == MailSender.Moderation ? _moderation ?? _server : _server;

    private async Task DeliverAsync(SmtpServer server, MimeMessage message, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await _connections.WaitAsync(either.Token);
            try
            {
                await new SmtpSession(server, local.Hostname, trust.Check).SendAsync(message, either.Token);
            }
            finally
            {
                _connections.Release();
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SmtpException($"The mail server {server} did not take the mail within {Timeout.TotalSeconds:0} seconds; look at the scheme, host and port in {server.Setting}.");
        }
    }
}

/// <summary>Who judges certificates of mail servers. The system does; tests, whose certificates nobody knows, put their own judgement here.</summary>
/// <param name="Check"><see langword="null"/>: the system's judgement.</param>
internal sealed record SmtpTrust(RemoteCertificateValidationCallback? Check = null);
