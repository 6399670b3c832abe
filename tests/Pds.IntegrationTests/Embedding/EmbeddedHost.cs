using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pds.Application.DependencyInjection;
using Pds.Application.Repositories;
using Pds.Domain.Errors;

namespace Pds.IntegrationTests.Embedding;

/// <summary>An application of somebody else's with a PDS in it: own JSON casing, own controllers, own messages and behaviors.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly string _directory;

    private EmbeddedHost(WebApplication application, string directory)
    {
        _application = application;
        _directory = directory;
        Http = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _application.Services;

    /// <summary>Starts the application.</summary>
    /// <param name="pds">What else the host wants of the PDS.</param>
    /// <param name="prefix">Where the PDS is mapped; the root by default.</param>
    /// <param name="services">More services.</param>
    public static async Task<EmbeddedHost> StartAsync(Action<PdsBuilder>? pds = null, string? prefix = null, Action<IServiceCollection>? services = null)
    {
        string directory = Directory.CreateTempSubdirectory("pds-embedded-").FullName;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        builder.Services.AddControllers()
            .AddApplicationPart(typeof(EmbeddedHost).Assembly)
            .AddJsonOptions(json => json.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper);
        builder.Services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssembly(typeof(EmbeddedHost).Assembly));
        services?.Invoke(builder.Services);
        PdsBuilder added = builder.Services
            .AddPds(options =>
            {
                options.PublicUrl = new Uri("http://localhost:5000");
                options.DevMode = true;
                options.Accounts.InviteRequired = false;
                options.Storage.DataDirectory = directory;
            })
            .UseSqlite($"Data Source={Path.Combine(directory, "embedded.db")}")
            .UseFileBlobs(Path.Combine(directory, "blobs"));
        pds?.Invoke(added);

        WebApplication application = builder.Build();
        application.MapGet("/", () => new HostAnswer("home"));
        application.MapGet("/own", () => new HostAnswer("minimal"));
        application.MapControllers();
        (prefix is null ? application : (Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)application.MapGroup(prefix)).MapPds();
        await application.StartAsync();
        return new EmbeddedHost(application, directory);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>An answer in the host's own JSON.</summary>
public sealed record HostAnswer(string SomeText);

/// <summary>A controller of the host.</summary>
[ApiController]
[Route("host")]
public sealed class HostController(IMediator mediator) : ControllerBase
{
    [HttpGet("controller")]
    public HostAnswer Get() => new("controller");

    [HttpGet("fault")]
    public HostAnswer Fault() => throw new InvalidOperationException("the host's own fault");

    [HttpGet("message")]
    public Task<string> Message() => mediator.Send(new HostMessage());
}

/// <summary>A message of the host, which none of our behaviors may touch.</summary>
public sealed record HostMessage : IRequest<string>;

internal sealed class HostMessageHandler : IRequestHandler<HostMessage, string>
{
    public Task<string> Handle(HostMessage request, CancellationToken cancellationToken) => Task.FromResult("handled");
}

/// <summary>Refuses records with a word, like the sample.</summary>
internal sealed class NoCasino<TRequest, TOutput> : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IRecordWriteCommand
{
    public Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken) =>
        request.Proposed.Any(write => write.Record?.ToJson().Contains("casino", StringComparison.OrdinalIgnoreCase) is true)
            ? throw new XrpcException(new XrpcError("SpamRejected", XrpcErrorKind.Forbidden), "This looks like spam.")
            : next(cancellationToken);
}

/// <summary>Counts what passes.</summary>
internal sealed class Counting<TRequest, TOutput>(Counter counter) : IPipelineBehavior<TRequest, TOutput>
    where TRequest : notnull
{
    public Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        counter.Messages.Add(typeof(TRequest).Name);
        return next(cancellationToken);
    }
}

internal sealed class Counter
{
    public List<string> Messages { get; } = [];
}
