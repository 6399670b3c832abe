namespace Pds.Api.Hosting;

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Information, "Listening as {Origin}, {Did}")]
    public static partial void Listening(ILogger logger, string origin, string did);

    [LoggerMessage(1202, LogLevel.Warning, "These settings are for features that this version does not have; they have no effect: {Names}")]
    public static partial void SettingsIgnored(ILogger logger, string names);
}
