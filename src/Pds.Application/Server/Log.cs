using Microsoft.Extensions.Logging;

namespace Pds.Application.Server;

internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Error, "Health probe {Probe} failed")]
    public static partial void ProbeFailed(ILogger logger, string probe, Exception exception);
}
