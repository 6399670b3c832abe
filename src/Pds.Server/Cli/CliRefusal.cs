namespace Pds.Server.Cli;

/// <summary>A command ends without success.</summary>
/// <param name="error">A short name, for programs: that of the server's refusal where there was one.</param>
/// <param name="message">What is wrong and what to do, for people.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class CliRefusal(string error, string message, int exitCode = ExitCodes.Refused) : Exception(message)
{
    public string Error => error;

    public int ExitCode => exitCode;
}

/// <summary>What commands end with; the numbers are those of sysexits.h.</summary>
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
