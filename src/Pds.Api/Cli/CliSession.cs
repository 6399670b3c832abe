using System.Text.Json;
using Microsoft.Extensions.Options;
using Pds.Api.Xrpc;
using Pds.Application.DependencyInjection;

namespace Pds.Api.Cli;

/// <summary>What a command works with: the settings and where to write.</summary>
/// <param name="Variables">The process's environment variables.</param>
/// <param name="Output">For results.</param>
/// <param name="Errors">For refusals.</param>
internal sealed record CliSession(IReadOnlyDictionary<string, string?> Variables, TextWriter Output, TextWriter Errors)
{
    private static readonly JsonSerializerOptions Readable = new(XrpcJson.Options) { WriteIndented = true };

    /// <summary>Whether results are JSON.</summary>
    public bool AsJson { get; init; }

    /// <summary>Last word on services, for tests.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>Acts in this process, or through the server that runs on the data directory.</summary>
    /// <exception cref="CliRefusal">That server does not answer.</exception>
    public async Task<OperatorAccess> OpenAsync(CancellationToken cancellationToken)
    {
        IHost host = DirectAccess.Compose(Variables, Configure);
        PdsOptions options = host.Services.GetRequiredService<IOptions<PdsOptions>>().Value;
        if (DataDirectoryLock.TryTake(options.DataDirectory) is { } taken)
        {
            return await StartAsync(host, taken, cancellationToken);
        }

        host.Dispose();
        return await HttpAccess.OpenAsync(options, cancellationToken);
    }

    /// <summary>Acts in this process, for what a running server has no method for.</summary>
    /// <exception cref="CliRefusal">A server is running.</exception>
    public async Task<DirectAccess> OpenStoppedAsync(CancellationToken cancellationToken)
    {
        IHost host = DirectAccess.Compose(Variables, Configure);
        string directory = host.Services.GetRequiredService<IOptions<PdsOptions>>().Value.DataDirectory;
        if (DataDirectoryLock.TryTake(directory) is { } taken)
        {
            return await StartAsync(host, taken, cancellationToken);
        }

        host.Dispose();
        throw new CliRefusal("ServerRunning", $"A server runs on the data directory {Path.GetFullPath(directory)}. Stop it, run this command again, then start it.", ExitCodes.Unavailable);
    }

    /// <summary>Reads in this process, also beside a running server.</summary>
    public async Task<DirectAccess> OpenForReadingAsync(CancellationToken cancellationToken)
    {
        IHost host = DirectAccess.Compose(Variables, Configure);
        string directory = host.Services.GetRequiredService<IOptions<PdsOptions>>().Value.DataDirectory;
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

    private static async Task<DirectAccess> StartAsync(IHost host, DataDirectoryLock taken, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
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
