using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pds.Api.Hosting;
using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Identity;
using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests.Identity;

/// <summary>The directory inside the server, over HTTP and a database file, without the rest of the server.</summary>
internal sealed class PlcServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly WebApplication _application;

    private PlcServer(string folder, WebApplication application, EfPlcLogStore store)
    {
        _folder = folder;
        _application = application;
        Store = store;
    }

    public EfPlcLogStore Store { get; }

    /// <summary>What stands in the setting of a client: the address of the directory.</summary>
    public Uri Url => new($"{_application.Urls.Single()}/plc");

    public static async Task<PlcServer> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("pds-plc-").FullName;
        var database = new SqliteDatabase($"Data Source={Path.Combine(folder, "pds.sqlite")}", SqliteDurability.ProcessCrash);
        var contexts = new Contexts(database);
        await using (PdsDbContext context = contexts.CreateDbContext())
        {
            await context.Database.EnsureCreatedAsync();
        }

        var store = new EfPlcLogStore(contexts);
        var verifier = new Verifier();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddSingleton(new IdentitySettings())
            .AddSingleton<IPlcLogStore>(store)
            .AddSingleton<IPlcDirectory>(new InProcessPlcDirectory(store, verifier, TimeProvider.System))
            .AddControllers().ConfigureApplicationPartManager(PdsControllers.Add);
        WebApplication application = builder.Build();
        application.MapControllers();
        await application.StartAsync();
        return new PlcServer(folder, application, store);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Contexts(SqliteDatabase database) : IDbContextFactory<PdsDbContext>
    {
        public PdsDbContext CreateDbContext() => new(new DbContextOptionsBuilder<PdsDbContext>().UseSqlite(database.ConnectionString).Options);
    }
}

/// <summary>Operations to submit.</summary>
internal static class GivenOperations
{
    private static readonly KeyFactory Keys = new(Secp256k1.Open());

    public static ISigner Signer() => Keys.CreateSigner(KeyCurve.Secp256k1, Keys.Generate(KeyCurve.Secp256k1));

    public static Domain.Identity.PlcData Data(string handle, params ISigner[] rotationKeys) => new()
    {
        RotationKeys = [.. rotationKeys.Select(key => key.PublicKey.ToDidKey())],
        VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal) { ["atproto"] = rotationKeys[0].PublicKey.ToDidKey() },
        AlsoKnownAs = [$"at://{handle}"],
        Services = new Dictionary<string, Domain.Identity.PlcService>(StringComparer.Ordinal) { ["atproto_pds"] = new("AtprotoPersonalDataServer", "https://pds.test") },
    };
}
