using Microsoft.Extensions.Logging;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Identity;

/// <summary>What identity resolution has to say to the operator.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "The document of {Did} is stale and could not be fetched anew; the old one stays in use.")]
    public static partial void RefreshFailed(ILogger logger, Did did, Exception e);
}
