using Pds.Server.Hosting;

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
