using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Options;
using Pds.Api.Hosting;

namespace Pds.Api;

/// <summary>The command <c>pds</c>.</summary>
internal static class Program
{
    private const int Refused = 64;         // EX_USAGE
    private const int Misconfigured = 78;   // EX_CONFIG

    private const string Help = """
        pds - an AT Protocol Personal Data Server

        usage: pds [serve]        run the server (the default)
               pds --help         show this
               pds --version      show the version

        Settings are environment variables, named as those of the official distribution:
        PDS_HOSTNAME, PDS_JWT_SECRET, PDS_ADMIN_PASSWORD, PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX, PDS_DATA_DIRECTORY, ...
        Without any of them a server for development runs on http://localhost:2583 with its data in ./data.
        """;

    private static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [] or ["serve"]:
                return await ServeAsync();
            case ["--version" or "-v" or "version"]:
                await Console.Out.WriteLineAsync(Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]);
                return 0;
            case ["--help" or "-h" or "help"]:
                await Console.Out.WriteLineAsync(Help);
                return 0;
            default:
                await Console.Error.WriteLineAsync($"pds does not know `{string.Join(' ', args)}`.\n\n{Help}");
                return Refused;
        }
    }

    private static async Task<int> ServeAsync()
    {
        try
        {
            NativeHeap.ReturnLargeBlocks();
            await using WebApplication application = PdsHost.Build(Variables());
            await StartAsync(application);
            await Greeting.WriteAsync(application, Console.Out);
            await application.WaitForShutdownAsync();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            await Console.Error.WriteLineAsync($"The settings are not complete, so the server did not start:\n{string.Join('\n', exception.Failures.Select(fault => $"  - {fault}"))}");
            return Misconfigured;
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"The server did not start: {exception.Message}");
            return 1;
        }
    }

    /// <summary>What has started already must be stopped when the rest does not.</summary>
    private static async Task StartAsync(WebApplication application)
    {
        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.StopAsync();
            throw;
        }
    }

    private static Dictionary<string, string?> Variables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => variable.Value as string, StringComparer.Ordinal);
}
