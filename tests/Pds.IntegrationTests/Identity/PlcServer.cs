using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pds.Api.Identity;
using Pds.Application.DependencyInjection;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Identity;
using Pds.Infrastructure.Persistence;
using Pds.IntegrationTests.Stores;

namespace Pds.IntegrationTests.Identity;

/// <summary>The directory inside the server, over HTTP and a database file, without the rest of the server.</summary>
internal sealed class PlcServer : IAsyncDisposable
{
    private readonly StoreFixture _storage;
    private readonly WebApplication _application;

    private PlcServer(StoreFixture storage, WebApplication application, EfPlcLogStore store)
    {
        _storage = storage;
        _application = application;
        Store = store;
    }

    public EfPlcLogStore Store { get; }

    /// <summary>What stands in the setting of a client: the address of the directory.</summary>
    public Uri Url => new($"{_application.Urls.Single()}/plc");

    public static async Task<PlcServer> StartAsync()
    {
        StoreFixture storage = await StoreFixture.StartAsync();
        var store = new EfPlcLogStore(new Contexts(storage));
        var verifier = new Verifier(Secp256k1.Open(Secp256k1Library.Auto));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddSingleton(new PdsOptions())
            .AddSingleton<IPlcLogStore>(store)
            .AddSingleton<IPlcDirectory>(new InProcessPlcDirectory(store, verifier, TimeProvider.System))
            .AddControllers().AddApplicationPart(typeof(PlcDirectoryController).Assembly);
        WebApplication application = builder.Build();
        application.MapControllers();
        await application.StartAsync();
        return new PlcServer(storage, application, store);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private sealed class Contexts(StoreFixture storage) : IDbContextFactory<PdsDbContext>
    {
        public PdsDbContext CreateDbContext() => storage.OpenContext();
    }
}

/// <summary>Operations to submit.</summary>
internal static class GivenOperations
{
    private static readonly KeyFactory Keys = new(Secp256k1.Open(Secp256k1Library.Auto));

    public static ISigner Signer() => Keys.CreateSigner(KeyCurve.Secp256k1, Keys.Generate(KeyCurve.Secp256k1));

    public static Domain.Identity.PlcData Data(string handle, params ISigner[] rotationKeys) => new()
    {
        RotationKeys = [.. rotationKeys.Select(key => key.PublicKey.ToDidKey())],
        VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal) { ["atproto"] = rotationKeys[0].PublicKey.ToDidKey() },
        AlsoKnownAs = [$"at://{handle}"],
        Services = new Dictionary<string, Domain.Identity.PlcService>(StringComparer.Ordinal) { ["atproto_pds"] = new("AtprotoPersonalDataServer", "https://pds.test") },
    };
}
