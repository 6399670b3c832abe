using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pds.Server.Hosting;

namespace Pds.IntegrationTests.Embedding;

internal sealed class EmbeddingTests
{
    private static readonly Uri DescribeServer = new("/xrpc/com.atproto.server.describeServer", UriKind.Relative);

    [Test]
    public async Task Host_WithAPds_KeepsItsJsonAndItsRoutes()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync();

        string home = await host.Http.GetStringAsync(new Uri("/", UriKind.Relative));
        string minimal = await host.Http.GetStringAsync(new Uri("/own", UriKind.Relative));
        string controller = await host.Http.GetStringAsync(new Uri("/host/controller", UriKind.Relative));
        string pds = await host.Http.GetStringAsync(DescribeServer);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(home, Is.EqualTo("""{"SOME-TEXT":"home"}"""));
            Assert.That(minimal, Is.EqualTo("""{"SOME-TEXT":"minimal"}"""));
            Assert.That(controller, Is.EqualTo("""{"SOME-TEXT":"controller"}"""));
            Assert.That(pds, Does.Contain("\"availableUserDomains\""));
        }
    }

    [Test]
    public async Task Host_WithAPds_KeepsItsErrorsAndHeaders()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync();

        HttpResponseMessage fault = await host.Http.GetAsync(new Uri("/host/fault", UriKind.Relative));
        HttpResponseMessage nothing = await host.Http.GetAsync(new Uri("/host/nothing", UriKind.Relative));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(await fault.Content.ReadAsStringAsync(), Does.Not.Contain("InternalServerError"));
            Assert.That(nothing.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(fault.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
        }
    }

    [Test]
    public async Task Host_WithAPds_KeepsItsOptions()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync();

        MvcOptions with = host.Services.GetRequiredService<IOptions<MvcOptions>>().Value;
        MvcOptions without = new ServiceCollection().AddLogging().AddControllers().Services.BuildServiceProvider().GetRequiredService<IOptions<MvcOptions>>().Value;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(with.Filters.Select(filter => filter.GetType()), Is.EqualTo(without.Filters.Select(filter => filter.GetType())));
            Assert.That(with.ModelBinderProviders.Select(provider => provider.GetType()), Is.EqualTo(without.ModelBinderProviders.Select(provider => provider.GetType())));
            Assert.That(with.OutputFormatters.Select(formatter => formatter.GetType()), Is.EqualTo(without.OutputFormatters.Select(formatter => formatter.GetType())));
            Assert.That(host.Services.GetService<IOptions<AuthenticationOptions>>()?.Value.DefaultScheme, Is.Null);
            Assert.That(host.Services.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions.PropertyNamingPolicy, Is.EqualTo(JsonNamingPolicy.KebabCaseUpper));
        }
    }

    [Test]
    public async Task Host_WithAPds_CollectsItsGarbageItself()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync();
        await using PdsApplication standalone = await PdsApplication.StartAsync();

        Assert.That(host.Services.GetServices<IHostedService>(), Has.None.InstanceOf<IdleMemory>());
        Assert.That(standalone.Services.GetServices<IHostedService>(), Has.One.InstanceOf<IdleMemory>());
    }

    [Test]
    public async Task Host_WithAPds_DoesNotShowOurMethodsInItsApiExplorer()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync();

        IEnumerable<string?> paths = host.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items
            .SelectMany(group => group.Items).Select(description => description.RelativePath);

        Assert.That(paths, Is.EquivalentTo(["host/controller", "host/fault", "host/message"]));
    }

    [Test]
    public async Task HostMessages_WithAPds_PassNoneOfOurBehaviors()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(pds => pds.AddBehavior(typeof(NoCasino<,>)));

        string answer = await host.Http.GetStringAsync(new Uri("/host/message", UriKind.Relative));
        IEnumerable<IPipelineBehavior<HostMessage, string>> behaviors = host.Services.CreateScope().ServiceProvider.GetServices<IPipelineBehavior<HostMessage, string>>();

        Assert.That(answer, Is.EqualTo("handled"));
        Assert.That(behaviors, Is.Empty);
    }

    [Test]
    public async Task OuterBehavior_OfTheHost_SeesOurMessages()
    {
        Counter counter = new();
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(pds => pds.AddOuterBehavior(typeof(Counting<,>)), services: services => services.AddSingleton(counter));

        await host.Http.GetStringAsync(DescribeServer);

        Assert.That(counter.Messages, Is.EqualTo(["DescribeServerQuery"]));
    }

    [Test]
    public async Task MapPds_WithinAGroup_AnswersThereOnly()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(prefix: "/pds");

        HttpResponseMessage inside = await host.Http.GetAsync(new Uri("/pds/xrpc/com.atproto.server.describeServer", UriKind.Relative));
        HttpResponseMessage unknown = await host.Http.GetAsync(new Uri("/pds/xrpc/com.example.unknown.method", UriKind.Relative));
        HttpResponseMessage outside = await host.Http.GetAsync(DescribeServer);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(inside.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(outside.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task Behavior_OfTheHost_RefusesRecordsHoweverWritten()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(pds => pds.AddBehavior(typeof(NoCasino<,>)));
        JsonNode alice = await CreateAccountAsync(host);
        string did = alice["did"]!.GetValue<string>();
        host.Http.DefaultRequestHeaders.Authorization = new("Bearer", alice["accessJwt"]!.GetValue<string>());
        JsonObject record = new() { ["$type"] = "com.example.note", ["text"] = "Visit my Casino" };

        HttpResponseMessage create = await host.Http.PostXrpcAsync(
            "com.atproto.repo.createRecord", new JsonObject { ["repo"] = did, ["collection"] = "com.example.note", ["record"] = record.DeepClone() });
        HttpResponseMessage apply = await host.Http.PostXrpcAsync("com.atproto.repo.applyWrites", new JsonObject
        {
            ["repo"] = did,
            ["writes"] = new JsonArray(new JsonObject { ["$type"] = "com.atproto.repo.applyWrites#create", ["collection"] = "com.example.note", ["value"] = record.DeepClone() }),
        });

        await create.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "SpamRejected");
        using var archive = new ByteArrayContent(await ArchiveOfAsync(did, record));
        archive.Headers.ContentType = new("application/vnd.ipld.car");
        HttpResponseMessage import = await host.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.importRepo", UriKind.Relative), archive);

        await apply.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "SpamRejected");
        await import.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "SpamRejected");
    }

    private static Task<byte[]> ArchiveOfAsync(string did, JsonObject record)
    {
        var keys = new Pds.Infrastructure.Crypto.KeyFactory(new Pds.Cryptography.ManagedSecp256k1());
        Pds.Domain.Crypto.ISigner signer = keys.CreateSigner(Pds.Domain.Crypto.KeyCurve.Secp256k1, keys.Generate(Pds.Domain.Crypto.KeyCurve.Secp256k1));
        byte[] cbor = Pds.Domain.DataModel.DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes(record.ToJsonString())).Cbor.ToArray();
        return Task.FromResult(new Repositories.ImportArchive(Pds.Domain.Identifiers.Did.Parse(did), signer).Add("com.example.note/one", cbor).ToCar());
    }

    [Test]
    public async Task Logs_OfSignUpAndSignIn_HoldNoSecret()
    {
        LogLines log = new();
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(services: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));

        JsonNode alice = await CreateAccountAsync(host, "marked-secret-of-alice");
        await host.Http.PostXrpcAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = "alice.test", ["password"] = "marked-secret-of-alice" });
        await host.Http.PostXrpcAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = "alice.test", ["password"] = "marked-secret-but-wrong" });

        Assert.That(log.Lines, Is.Not.Empty);
        Assert.That(log.Lines.Where(line => line.Contains("marked-secret", StringComparison.Ordinal) || line.Contains(alice["accessJwt"]!.GetValue<string>(), StringComparison.Ordinal)), Is.Empty);
    }

    private static async Task<JsonNode> CreateAccountAsync(EmbeddedHost host, string password = "correct horse battery")
    {
        JsonObject input = new() { ["handle"] = "alice.test", ["email"] = "alice@example.com", ["password"] = password };
        return await (await host.Http.PostXrpcAsync("com.atproto.server.createAccount", input)).ShouldBeJsonAsync();
    }
}
