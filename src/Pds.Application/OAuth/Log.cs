using Microsoft.Extensions.Logging;

namespace Pds.Application.OAuth;

internal static partial class Log
{
    [LoggerMessage(1301, LogLevel.Information, "A client asked to end a session, which was refused: {Error}")]
    public static partial void NothingRevoked(ILogger logger, string error);
}
