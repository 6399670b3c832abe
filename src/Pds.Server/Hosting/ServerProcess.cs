using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.Server;

namespace Pds.Server.Hosting;

/// <summary><c>pds serve</c>: a start is safe or it does not happen. Everything is looked at before the first thing is started.</summary>
internal static class ServerProcess
{
    /// <summary>Runs the server until it is told to stop.</summary>
    /// <param name="variables">The process's environment variables.</param>
    /// <param name="startEmpty">Whether it may begin without accounts where files say that there was a server.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string?> variables, bool startEmpty)
    {
        try
        {
            DataDirectory.MakeFilesPrivate();
            await using WebApplication application = PdsHost.Build(variables, builder => builder.Services.PostConfigure<PdsOptions>(options => options.Storage.StartEmpty |= startEmpty));
            PdsOptions options = application.Services.GetRequiredService<IOptions<PdsOptions>>().Value;
            using DataDirectoryLock taken = Take(options);
            application.Services.GetRequiredService<IStartCheck>().Check();
            ListeningPort.RequireFree(options.Server);

            return await Shutdown.RunAsync(application, async () =>
            {
                await StartAsync(application);
                taken.NoteServer();
                await Greeting.WriteAsync(application, Console.Out);
                IdleMemory.GiveBack(); // a server may idle for days, and starting took more than idling needs
                await application.WaitForShutdownAsync();
            });
        }
        catch (OptionsValidationException exception)
        {
            return await RefuseAsync($"The settings are not complete, so the server did not start:\n{string.Join('\n', exception.Failures.Select(fault => $"  - {fault}"))}");
        }
        catch (Exception exception) when (exception is StartRefusedException or IOException or UnauthorizedAccessException)
        {
            return await RefuseAsync($"The server did not start. {exception.Message}");
        }
    }

    /// <summary>Takes the directory, unless it tells of a database that is gone.</summary>
    private static DataDirectoryLock Take(PdsOptions options)
    {
        string directory = Path.GetFullPath(options.Storage.DataDirectory);
        if (!options.Storage.StartEmpty && !DataDirectory.HasServer(options.Storage) && DataDirectoryLock.TellsOfAServer(directory))
        {
            throw new StartRefusedException(
                $"There is no database in {directory}, but a lock file (pds.lock) that says there was one. Its accounts would be missing. "
                + "Restore the database, or correct PDS_DATA_DIRECTORY; to begin an empty server all the same, run `pds serve --empty` or `pds init`.");
        }

        DataDirectory.Prepare(options.Storage);
        return DataDirectoryLock.TryTake(directory) ?? throw new StartRefusedException(
            $"Another server, or a command, is at work in {directory}: it holds the lock pds.lock. Stop it first (`fuser {Path.Combine(directory, "pds.lock")}` names the process), or name another directory in PDS_DATA_DIRECTORY.");
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

    private static async Task<int> RefuseAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return ExitCodes.Misconfigured;
    }
}
