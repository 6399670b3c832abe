using MediatR;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Domain.Errors;
using Pds.Infrastructure.DependencyInjection;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary>The server's use cases and stores in this process, without its network side.</summary>
internal sealed class DirectAccess(IHost host, DataDirectoryLock? dataDirectory) : OperatorAccess
{
    public IServiceProvider Services => host.Services;

    /// <summary>Composes everything from the settings; nothing is opened yet.</summary>
    public static IHost Compose(IReadOnlyDictionary<string, string?> variables, Action<IServiceCollection>? configure)
    {
        PdsEnvironment environment = PdsEnvironment.Read(variables);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(environment);
        builder.Services.AddSingleton<IValidateOptions<PdsOptions>, EnvironmentFaults>();
        builder.Services.Configure<PdsOptions>(environment.Apply);
        PdsBuilder pds = new(builder.Services);
        pds.AddApplication();
        pds.AddInfrastructure();
        if (environment.UsesS3)
        {
            pds.UseS3Blobs(environment.Apply);
        }

        // Nobody listens here, so no relay need come.
        builder.Services.PostConfigure<PdsOptions>(options => options.Firehose.Crawlers.Clear());
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    public override Task<TOutput> GetAsync<TOutput>(
        string method, IReadOnlyList<(string Name, string? Value)> parameters, IRequest<TOutput> message, CancellationToken cancellationToken) =>
        SendAsync(message, cancellationToken);

    public override Task<TOutput> PostAsync<TOutput>(string method, object input, IRequest<TOutput> message, CancellationToken cancellationToken) =>
        SendAsync(message, cancellationToken);

    /// <summary>Sends a message.</summary>
    /// <exception cref="CliRefusal">Refused.</exception>
    public async Task<TOutput> SendAsync<TOutput>(IRequest<TOutput> message, CancellationToken cancellationToken)
    {
        try
        {
            await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(message, cancellationToken);
        }
        catch (XrpcException refusal)
        {
            throw new CliRefusal(refusal.Error.Name, refusal.Message);
        }
    }

    /// <summary>Lets everything be written, then gives the data directory back.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (dataDirectory is not null)
        {
            await host.StopAsync();
        }

        host.Dispose();
        dataDirectory?.Dispose();
    }
}
