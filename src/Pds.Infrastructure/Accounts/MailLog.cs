using Microsoft.Extensions.Logging;

namespace Pds.Infrastructure.Accounts;

internal static partial class MailLog
{
    [LoggerMessage(2101, LogLevel.Warning, "No mail transport is set up, so this mail was not sent: {Subject}")]
    public static partial void NotSent(ILogger logger, string subject);

    [LoggerMessage(2102, LogLevel.Error, "The mail {Subject} was not sent. {Reason}")]
    public static partial void Failed(ILogger logger, string subject, string reason, Exception? exception);
}
