namespace Pds.Server.Hosting;

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Information, "Listening as {Origin}, {Did}")]
    public static partial void Listening(ILogger logger, string origin, string did);

    [LoggerMessage(1202, LogLevel.Warning, "These settings have no effect on this server: {Names}")]
    public static partial void SettingsIgnored(ILogger logger, string names);

    [LoggerMessage(1203, LogLevel.Warning, "Secrets.JwtSecret (PDS_JWT_SECRET) has fewer than 16 bytes and can be guessed from any session token. Write the output of `openssl rand --hex 16`; that ends all sessions")]
    public static partial void ShortSecret(ILogger logger);
}
