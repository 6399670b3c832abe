using Microsoft.Extensions.Logging;

namespace Pds.Infrastructure.Sync;

/// <summary>What becomes of asking relays to crawl.</summary>
internal static partial class CrawlLog
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Debug, Message = "Asked {Relay} to crawl this server.")]
    public static partial void Asked(ILogger logger, string relay);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Warning, Message = "{Relay} refused to crawl this server: status {Status}.")]
    public static partial void Refused(ILogger logger, string relay, int status);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "{Relay} could not be asked to crawl this server.")]
    public static partial void Unreachable(ILogger logger, string relay, Exception e);
}
