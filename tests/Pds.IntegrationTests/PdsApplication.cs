using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.Accounts;
using Pds.Server.Hosting;

namespace Pds.IntegrationTests;

/// <summary>A real server in this process: Kestrel on loopback, a database in a directory of its own, the in-process PLC directory.</summary>
internal sealed class PdsApplication : IAsyncDisposable
{
    public const string AdminPassword = "admin-password-of-the-tests";
    public const string JwtSecret = "jwt-secret-of-the-tests-0123456789";
    public const string Password = "correct horse battery";

    private readonly WebApplication _application;
    private readonly bool _ownsDirectory;
    private int _accounts;

    private PdsApplication(WebApplication application, string directory, bool ownsDirectory)
    {
        _application = application;
        Directory = directory;
        _ownsDirectory = ownsDirectory;
        Options = application.Services.GetRequiredService<IOptions<PdsOptions>>().Value;
        Origin = new Uri(Options.Server.PublicOrigin);
        Http = CreateClient();
    }

    public string Directory { get; }

    public PdsOptions Options { get; }

    /// <summary>Scheme, host and port.</summary>
    public Uri Origin { get; }

    /// <summary>A client without credentials.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _application.Services;

    public IReadOnlyList<ReceivedMail> Mails => Services.GetRequiredService<DevelopmentMailbox>().Mails;

    /// <summary>Starts a server.</summary>
    /// <param name="variables">More <c>PDS_*</c> variables, or others than the usual; <see langword="null"/> takes one away.</param>
    /// <param name="services">Replaces services, such as the clock.</param>
    /// <param name="directory">A directory to keep, for restarts; otherwise a new one that is deleted in the end.</param>
    public static async Task<PdsApplication> StartAsync(
        IReadOnlyDictionary<string, string?>? variables = null,
        Action<IServiceCollection>? services = null,
        string? directory = null)
    {
        string data = directory ?? System.IO.Directory.CreateTempSubdirectory("pds-test-").FullName;
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["PDS_PORT"] = FreePort().ToString(),
            ["PDS_HOSTNAME"] = "localhost",
            ["PDS_DEV_MODE"] = "true",
            ["PDS_DATA_DIRECTORY"] = data,
            ["PDS_JWT_SECRET"] = JwtSecret,
            ["PDS_ADMIN_PASSWORD"] = AdminPassword,
            ["PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX"] = new string('1', 64),
            ["PDS_INVITE_REQUIRED"] = "false",
            ["LOG_LEVEL"] = "warn",
        };
        foreach ((string name, string? value) in variables ?? new Dictionary<string, string?>())
        {
            all[name] = value;
        }

        WebApplication application = PdsHost.Build(all, builder =>
        {
            // No test talks to the public directory.
            builder.Services.PostConfigure<PdsOptions>(options => options.Identity.PlcUrl = null);
            services?.Invoke(builder.Services);
        });
        await application.StartAsync();
        return new PdsApplication(application, data, ownsDirectory: directory is null);
    }

    /// <summary>Starts a server with a clock of the test's.</summary>
    public static Task<PdsApplication> StartAsync(ManualTime time) =>
        StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));

    /// <summary>Where it listens, whatever it is called in public.</summary>
    public Uri Address => new($"http://localhost:{Options.Server.Port}");

    public HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>Makes an account and signs in to it.</summary>
    /// <param name="name">First label of the handle, up to 18 letters; made up when not given.</param>
    public async Task<AccountClient> CreateAccountAsync(string? name = null)
    {
        string handle = $"{name ?? $"account{Interlocked.Increment(ref _accounts)}"}{Options.Server.HandleDomains[0]}";
        JsonObject input = new() { ["handle"] = handle, ["email"] = $"{handle}@example.com", ["password"] = Password };
        JsonNode session = await (await Http.PostXrpcAsync("com.atproto.server.createAccount", input)).ShouldBeJsonAsync();
        return new AccountClient(this, session);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_ownsDirectory)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    /// <summary>The port has to be known before the start: it is part of the public URL.</summary>
    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
