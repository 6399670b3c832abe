using System.Text.Json;
using Microsoft.Extensions.Options;
using Pds.Api.Xrpc;
using Pds.Application.DependencyInjection;
using Pds.Application.Server;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary>What a command works with: the settings and where to write.</summary>
/// <param name="Variables">The process's environment variables.</param>
/// <param name="Output">For results.</param>
/// <param name="Errors">For refusals.</param>
internal sealed record CliSession(IReadOnlyDictionary<string, string?> Variables, TextWriter Output, TextWriter Errors)
{
    private static readonly JsonSerializerOptions Readable = new(XrpcJson.Options) { WriteIndented = true };

    /// <summary>Whether results are JSON.</summary>
    public bool AsJson { get; init; }

    /// <summary>For passwords.</summary>
    public TextReader Input { get; init; } = Console.In;

    /// <summary>Whether a person types what <see cref="Input"/> gives.</summary>
    public bool ReadsFromTerminal => ReferenceEquals(Input, Console.In) && !Console.IsInputRedirected;

    /// <summary>Last word on services, for tests.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>Acts in this process, or through the server that runs on the data directory.</summary>
    /// <exception cref="CliRefusal">That server does not answer, or there is none.</exception>
    public async Task<OperatorAccess> OpenAsync(CancellationToken cancellationToken)
    {
        RequireServer();
        IHost host = DirectAccess.Compose(Variables, Configure);
        PdsOptions options = host.Services.GetRequiredService<IOptions<PdsOptions>>().Value;
        if (DataDirectoryLock.TryTake(options.Storage.DataDirectory) is { } taken)
        {
            return await StartAsync(host, taken, cancellationToken);
        }

        host.Dispose();
        return await HttpAccess.OpenAsync(options, cancellationToken);
    }

    /// <summary>Acts in this process, for what a running server has no method for.</summary>
    /// <param name="mayBegin">Whether the command may be the first on a directory, and make the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliRefusal">A server is running, or there is none.</exception>
    public async Task<DirectAccess> OpenStoppedAsync(bool mayBegin, CancellationToken cancellationToken)
    {
        DataDirectory.MakeFilesPrivate();
        if (!mayBegin)
        {
            RequireServer();
        }

        IHost host = DirectAccess.Compose(Variables, services =>
        {
            services.PostConfigure<PdsOptions>(options => options.Storage.StartEmpty |= mayBegin);
            Configure?.Invoke(services);
        });
        PdsOptions options = host.Services.GetRequiredService<IOptions<PdsOptions>>().Value;
        DataDirectory.Prepare(options.Storage);
        string directory = options.Storage.DataDirectory;
        if (DataDirectoryLock.TryTake(directory) is { } taken)
        {
            return await StartAsync(host, taken, cancellationToken);
        }

        host.Dispose();
        throw new CliRefusal("ServerRunning", $"A server runs on the data directory {Path.GetFullPath(directory)}. Stop it, run this command again, then start it.", ExitCodes.Unavailable);
    }

    /// <summary>Reads in this process, also beside a running server.</summary>
    /// <exception cref="CliRefusal">There is no server on the directory.</exception>
    public async Task<DirectAccess> OpenForReadingAsync(CancellationToken cancellationToken)
    {
        RequireServer();
        IHost host = DirectAccess.Compose(Variables, Configure);
        string directory = host.Services.GetRequiredService<IOptions<PdsOptions>>().Value.Storage.DataDirectory;
        return DataDirectoryLock.TryTake(directory) is { } taken ? await StartAsync(host, taken, cancellationToken) : new DirectAccess(host, dataDirectory: null);
    }

    /// <summary>Writes a result: as JSON, or as lines.</summary>
    public async Task WriteAsync(object result, params IEnumerable<string> lines)
    {
        if (AsJson)
        {
            await Output.WriteLineAsync(JsonSerializer.Serialize(result, result.GetType(), Readable));
            return;
        }

        foreach (string line in lines)
        {
            await Output.WriteLineAsync(line);
        }
    }

    /// <summary>Writes why a command ended without success.</summary>
    public async Task WriteErrorAsync(string error, string message) =>
        await Errors.WriteLineAsync(AsJson ? JsonSerializer.Serialize(new { error, message }, XrpcJson.Options) : message);

    /// <summary>Judged by the variables alone: composing a development server would make its directory.</summary>
    private void RequireServer()
    {
        DataDirectory.MakeFilesPrivate();
        PdsOptions options = new();
        PdsEnvironment.Read(Variables).Apply(options);
        if (!DataDirectory.HasServer(options.Storage))
        {
            throw new CliRefusal(
                "NoServer",
                $"There is no server in {Path.GetFullPath(options.Storage.DataDirectory)}: it holds no pds.sqlite. `pds serve` or `pds init` makes one; PDS_DATA_DIRECTORY names another directory.",
                ExitCodes.Misconfigured);
        }
    }

    private static async Task<DirectAccess> StartAsync(IHost host, DataDirectoryLock taken, CancellationToken cancellationToken)
    {
        try
        {
            host.Services.GetRequiredService<IStartCheck>().Check(); // before the host, which would log what this says with a stack
            await host.StartAsync(cancellationToken);
            taken.NoteServer();
            return new DirectAccess(host, taken);
        }
        catch
        {
            host.Dispose();
            taken.Dispose();
            throw;
        }
    }
}
