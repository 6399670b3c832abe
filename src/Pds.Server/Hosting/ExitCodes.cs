namespace Pds.Server.Hosting;

/// <summary>What the server and the commands end with; the numbers are those of sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server refused, or something was found to be wrong.</summary>
    public const int Refused = 1;

    /// <summary>The command was not understood.</summary>
    public const int Usage = 64;

    /// <summary>A server is in the way, or does not answer.</summary>
    public const int Unavailable = 69;

    /// <summary>The settings are not complete, or starting on the data directory would do harm.</summary>
    public const int Misconfigured = 78;
}
