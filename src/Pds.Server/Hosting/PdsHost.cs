using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Pds.Api.RateLimits;
using Pds.Application.Capacity;
using Pds.Application.DependencyInjection;

namespace Pds.Server.Hosting;

/// <summary>The application that <c>pds serve</c> runs: a PDS and nothing else.</summary>
internal static class PdsHost
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(90);

    /// <summary>Settings are read once, so nothing has to watch files for changes.</summary>
    private static readonly WebApplicationOptions NoWatching = new() { Args = ["--hostBuilder:reloadConfigOnChange=false"] };

    /// <summary>Composes the application from environment variables.</summary>
    /// <param name="variables">Names and values.</param>
    /// <param name="configure">Last word on services and server, for tests.</param>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> variables, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(NoWatching);
        PdsEnvironment environment = PdsEnvironment.Read(variables);
        IHostApplicationLifetime? lifetime = null;
        AddLogging(builder.Logging, variables, isGivenUp: () => lifetime is { } l && l.ApplicationStopping.IsCancellationRequested && !l.ApplicationStarted.IsCancellationRequested);
        builder.Services.AddSingleton(environment);
        builder.Services.AddSingleton<IValidateOptions<PdsOptions>, EnvironmentFaults>();
        PdsBuilder pds = builder.Services.AddPds(environment.Apply);
        if (environment.UsesS3)
        {
            pds.UseS3Blobs(environment.Apply);
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Shutdown.Limit);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemoryFactory>();
        builder.Services.AddHostedService<IdleMemory>();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.KeepAliveTimeout = KeepAlive;
            PdsOptions options = kestrel.ApplicationServices.GetRequiredService<IOptions<PdsOptions>>().Value;
            MinDataRate? pace = options.Capacity.MinBodyRate == 0 ? null : new MinDataRate(options.Capacity.MinBodyRate, Pace.Window);
            kestrel.Limits.MinRequestBodyDataRate = pace;
            kestrel.Limits.MinResponseDataRate = pace;
            if (options.Server.DevMode)
            {
                kestrel.ListenLocalhost(options.Server.Port);
            }
            else
            {
                kestrel.ListenAnyIP(options.Server.Port);
            }
        });
        configure?.Invoke(builder);

        WebApplication application = builder.Build();
        lifetime = application.Lifetime;
        application.UseGrace();
        application.UseForwardedHeaders(TrustedProxies(environment.TrustedAddresses));
        application.MapPds();
        application.MapServerProof();
        return application;
    }

    /// <summary>
    /// Proxies in front tell the client's address. They are believed when they are loopback, link-local or private peers, or among the addresses that
    /// no limit holds for; the last address that none of these is counts, whatever the client wrote before it.
    /// </summary>
    private static ForwardedHeadersOptions TrustedProxies(IEnumerable<string> others)
    {
        ForwardedHeadersOptions options = new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        foreach (System.Net.IPNetwork network in ClientNetworks.Internal)
        {
            options.KnownIPNetworks.Add(network);
        }

        foreach (string other in others)
        {
            if (AddressRange.TryParse(other, out System.Net.IPNetwork network))     // otherwise the start fails with the other faults
            {
                options.KnownIPNetworks.Add(network);
            }
        }

        return options;
    }

    /// <param name="logging">The logs.</param>
    /// <param name="variables">Names and values.</param>
    /// <param name="isGivenUp">Whether the server was told to stop before it had started: the host takes that for a failure, and logs it with its stack.</param>
    private static void AddLogging(ILoggingBuilder logging, IReadOnlyDictionary<string, string?> variables, Func<bool> isGivenUp)
    {
        logging.ClearProviders();
        LoggingSettings settings = ReadLogging(variables);
        if (!settings.Enabled)
        {
            return;
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.SetMinimumLevel(settings.Level switch
        {
            "trace" => LogLevel.Trace,
            "debug" => LogLevel.Debug,
            "warn" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "fatal" => LogLevel.Critical,
            _ => LogLevel.Information,
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting", level => level >= LogLevel.Warning && !isGivenUp());
    }

    /// <summary>What cannot be read is passed over, as by the official server.</summary>
    private static LoggingSettings ReadLogging(IReadOnlyDictionary<string, string?> variables)
    {
        LoggingSettings settings = new();
        new SettingReader(variables.Where(variable => !string.IsNullOrEmpty(variable.Value)).ToDictionary(variable => variable.Key, variable => variable.Value!, StringComparer.Ordinal))
            .Bind(settings);
        return settings;
    }
}
