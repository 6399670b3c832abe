using Microsoft.Extensions.Logging;
using Pds.Application.Accounts;

namespace Pds.Infrastructure.Accounts;

/// <summary>A server without a mail transport: says in the log that a mail was due, without telling to whom or what.</summary>
internal sealed class UnsentMailer(ILogger<UnsentMailer> logger) : IMailer
{
    public Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        MailLog.NotSent(logger, mail.Subject);
        return Task.CompletedTask;
    }
}
