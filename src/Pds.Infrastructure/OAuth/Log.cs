using Microsoft.Extensions.Logging;

namespace Pds.Infrastructure.OAuth;

internal static partial class Log
{
    [LoggerMessage(4201, LogLevel.Information, "The OAuth client {Client} is refused: {Reason} ({Cause})")]
    public static partial void ClientRefused(ILogger logger, string client, string reason, string? cause);
}
