using System.Reflection;
using MediatR;
using Microsoft.Extensions.Logging;
using Pds.Application.Pipeline;
using Pds.Application.Settings;

namespace Pds.Application.Server;

/// <summary>Asks whether the server works. Route: <c>/xrpc/_health</c>.</summary>
[XrpcMethod("_health")]
public sealed record GetHealthQuery : IQuery<GetHealthOutput>, IAnonymousRequest;

/// <summary>Whether the server works.</summary>
/// <param name="Version">Version of the server.</param>
/// <param name="Error">What is wrong; <see langword="null"/> when nothing is.</param>
public sealed record GetHealthOutput(string Version, string? Error);

internal sealed class GetHealthHandler(ServerSettings options, IEnumerable<IHealthProbe> probes, ILogger<GetHealthHandler> logger)
    : IRequestHandler<GetHealthQuery, GetHealthOutput>
{
    private static readonly string PackageVersion =
        typeof(GetHealthHandler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public async Task<GetHealthOutput> Handle(GetHealthQuery query, CancellationToken cancellationToken)
    {
        string version = options.Version ?? PackageVersion;
        foreach (IHealthProbe probe in probes)
        {
            if (!await WorksAsync(probe, cancellationToken))
            {
                return new(version, "Service Unavailable");
            }
        }

        return new(version, Error: null);
    }

    private async ValueTask<bool> WorksAsync(IHealthProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            return await probe.IsHealthyAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.ProbeFailed(logger, probe.GetType().Name, exception);
            return false;
        }
    }
}
