using System.Collections;
using System.Reflection;
using Pds.Server.Cli;
using Pds.Server.Hosting;

namespace Pds.Server;

/// <summary>The command <c>pds</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["--version" or "-v" or "version"])
        {
            await Console.Out.WriteLineAsync(Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]);
            return ExitCodes.Done;
        }

        // The usual way in stays as short as it can be: a server starts without the command line's machinery.
        Dictionary<string, string?> variables = Variables();
        return args is [] or ["serve"]
            ? await ServerProcess.RunAsync(variables, startEmpty: false)
            : await PdsCommandLine.RunAsync(
                args is ["help"] ? ["--help"] : args, new CliSession(variables, Console.Out, Console.Error), startEmpty => ServerProcess.RunAsync(variables, startEmpty));
    }

    private static Dictionary<string, string?> Variables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => variable.Value as string, StringComparer.Ordinal);
}
