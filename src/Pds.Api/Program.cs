using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Options;
using Pds.Api.Cli;
using Pds.Api.Hosting;
using Pds.Application.DependencyInjection;

namespace Pds.Api;

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
        return args is [] or ["serve"]
            ? await ServeAsync()
            : await PdsCommandLine.RunAsync(args is ["help"] ? ["--help"] : args, new CliSession(Variables(), Console.Out, Console.Error), _ => ServeAsync());
    }

    private static async Task<int> ServeAsync()
    {
        try
        {
            NativeHeap.ReturnLargeBlocks();
            await using WebApplication application = PdsHost.Build(Variables());
            string directory = application.Services.GetRequiredService<IOptions<PdsOptions>>().Value.DataDirectory;
            using DataDirectoryLock? taken = DataDirectoryLock.TryTake(directory);
            if (taken is null)
            {
                await Console.Error.WriteLineAsync($"The server did not start: another one, or a command, is at work in {Path.GetFullPath(directory)}.");
                return ExitCodes.Unavailable;
            }

            return await Shutdown.RunAsync(application, async () =>
            {
                await StartAsync(application);
                await Greeting.WriteAsync(application, Console.Out);
                IdleMemory.GiveBack(); // a server may idle for days, and starting took more than idling needs
                await application.WaitForShutdownAsync();
            });
        }
        catch (OptionsValidationException exception)
        {
            await Console.Error.WriteLineAsync($"The settings are not complete, so the server did not start:\n{string.Join('\n', exception.Failures.Select(fault => $"  - {fault}"))}");
            return ExitCodes.Misconfigured;
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"The server did not start: {exception.Message}");
            return ExitCodes.Refused;
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
