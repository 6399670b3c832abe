using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.DependencyInjection;
using Pds.Application.Identity;
using Pds.Application.Pipeline;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Repositories;

/// <summary>A server over a socket and a database file, whose accounts are made without passwords, tokens or identity.</summary>
internal sealed class RepoServer : IAsyncDisposable
{
    public const string AdminPassword = "the-operator";

    private readonly string _folder;
    private readonly WebApplication _app;
    private int _accounts;

    private RepoServer(string folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public HostedAccounts Accounts => (HostedAccounts)_app.Services.GetRequiredService<IAccountStore>();

    public IVerifier Verifier => _app.Services.GetRequiredService<IVerifier>();

    public static async Task<RepoServer> StartAsync(Action<PdsOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        string folder = Directory.CreateTempSubdirectory("pds-repo-").FullName;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddPds(options =>
        {
            options.DataDirectory = folder;
            options.DevMode = true;
            options.AdminPassword = AdminPassword;
            options.JwtSecret = "a secret of sixteen bytes or more";
            options.PlcRotationKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            configure?.Invoke(options);
        }).UseSqlite($"Data Source={Path.Combine(folder, "pds.sqlite")}");
        builder.Services.Replace(ServiceDescriptor.Singleton<IAccountStore, HostedAccounts>());
        builder.Services.Replace(ServiceDescriptor.Singleton<ISigningKeys>(provider => (HostedAccounts)provider.GetRequiredService<IAccountStore>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<ICallerAuthenticator, NamedCallers>());
        builder.Services.Replace(ServiceDescriptor.Singleton<IDidResolver>(provider => (HostedAccounts)provider.GetRequiredService<IAccountStore>()));
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapPds();
        await using (PdsDbContext context = await app.Services.GetRequiredService<IDbContextFactory<PdsDbContext>>().CreateDbContextAsync())
        {
            if (!context.Database.GetMigrations().Any())
            {
                await context.Database.EnsureCreatedAsync();
            }
        }

        await app.StartAsync();
        return new RepoServer(folder, app);
    }

    /// <summary>An active account with an empty repository, announced by its first commit.</summary>
    public async Task<AccountClient> CreateAccountAsync()
    {
        Handle handle = Handle.Parse($"user{Interlocked.Increment(ref _accounts)}.test");
        Did did = await Accounts.AddAsync(handle, _app.Services.GetRequiredService<CommitLog>());
        return new AccountClient(this, did, handle);
    }

    public Task<PublicKey> PublicKeyAsync(Did did) => Accounts.PublicKeyAsync(did);

    public Task<FirehoseClient> SubscribeAsync(string query = "") => FirehoseClient.OpenAsync(Http.BaseAddress!, query);

    public Task StopAsync() => _app.StopAsync();

    public Task<HttpResponseMessage> GetAsync(string query, string? bearer = null, bool asAdmin = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/xrpc/{query}");
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }
        else if (asAdmin)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{AdminPassword}")));
        }

        return Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
