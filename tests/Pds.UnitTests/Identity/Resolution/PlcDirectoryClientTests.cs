using System.Text;
using Microsoft.AspNetCore.Http;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class PlcDirectoryClientTests
{
    private static readonly Did Alice = Did.Parse(GivenPlc.Did);

    [Test]
    public async Task Submit_PostsTheOperation()
    {
        string body = "";
        await using LocalServer server = await LocalServer.StartAsync(async context => body = await new StreamReader(context.Request.Body).ReadToEndAsync());
        using var http = new TrustedHttp(TimeProvider.System);

        await Create(server, http).SubmitAsync(Alice, GivenPlc.Genesis(), CancellationToken.None);

        Assert.That(server.Requests, Is.EqualTo([$"POST /base/{GivenPlc.Did}"]));
        Assert.That(PlcOperation.FromJson(Encoding.UTF8.GetBytes(body)).Cid.ToString(), Is.EqualTo(GivenPlc.GenesisCid));
    }

    [TestCase(400, """{"message":"Bad op"}""", "InvalidRequest", "Bad op")]
    [TestCase(409, "conflict", "InvalidRequest", "Unable to perform PLC operation")]
    [TestCase(404, """{"message":5}""", "InvalidRequest", "Unable to perform PLC operation")]
    [TestCase(500, """{"message":"Oops"}""", "UpstreamFailure", "Oops")]
    [TestCase(503, "[]", "UpstreamFailure", "Unable to perform PLC operation")]
    public async Task Submit_WhenDirectoryRefuses_IsRefusedInItsWords(int status, string body, string error, string message)
    {
        await using LocalServer server = await StartAsync(status, body);
        using var http = new TrustedHttp(TimeProvider.System);

        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(() => Create(server, http).SubmitAsync(Alice, GivenPlc.Genesis(), CancellationToken.None));

        Assert.That((refusal!.Error.Name, refusal.Message), Is.EqualTo((error, message)));
    }

    [Test]
    public void Submit_WhenDirectoryIsUnreachable_IsUpstreamFailure()
    {
        using var http = new TrustedHttp(TimeProvider.System);
        var client = new PlcDirectoryClient(new IdentitySettings { PlcUrl = new("http://127.0.0.1:1") }, http);

        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(() => client.SubmitAsync(Alice, GivenPlc.Genesis(), CancellationToken.None));

        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    [Test]
    public async Task FindLast_GivesTheOperation()
    {
        await using LocalServer server = await StartAsync(200, Encoding.UTF8.GetString(GivenPlc.Genesis().ToJson()));
        using var http = new TrustedHttp(TimeProvider.System);

        PlcOperation? last = await Create(server, http).FindLastAsync(Alice, CancellationToken.None);

        Assert.That(last!.Cid.ToString(), Is.EqualTo(GivenPlc.GenesisCid));
        Assert.That(server.Requests, Is.EqualTo([$"GET /base/{GivenPlc.Did}/log/last"]));
    }

    [Test]
    public async Task FindLast_WhenTombstoned_IsNull()
    {
        PlcOperation tombstone = PlcOperation.SignTombstone(GivenPlc.Genesis().Cid, GivenKeys.Rotation());
        await using LocalServer server = await StartAsync(200, Encoding.UTF8.GetString(tombstone.ToJson()));
        using var http = new TrustedHttp(TimeProvider.System);
        PlcDirectoryClient client = Create(server, http);

        Assert.That(await client.FindLastAsync(Alice, CancellationToken.None), Is.Null);
        Assert.That(await client.IsTombstonedAsync(Alice, CancellationToken.None), Is.True);
    }

    [Test]
    public async Task FindLast_WhenUnknown_IsNull()
    {
        await using LocalServer server = await StartAsync(404, "{}");
        using var http = new TrustedHttp(TimeProvider.System);
        PlcDirectoryClient client = Create(server, http);

        Assert.That(await client.FindLastAsync(Alice, CancellationToken.None), Is.Null);
        Assert.That(await client.IsTombstonedAsync(Alice, CancellationToken.None), Is.False);
        Assert.That(await client.FindDocumentAsync(Alice, CancellationToken.None), Is.Null);
    }

    [TestCase("[]")]
    [TestCase("""{"type":"something"}""")]
    public async Task FindLast_WhenAnswerIsNoOperation_IsUpstreamFailure(string body)
    {
        await using LocalServer server = await StartAsync(200, body);
        using var http = new TrustedHttp(TimeProvider.System);

        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(() => Create(server, http).FindLastAsync(Alice, CancellationToken.None));

        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    private static Task<LocalServer> StartAsync(int status, string body) => LocalServer.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    });

    private static PlcDirectoryClient Create(LocalServer server, TrustedHttp http) => new(new IdentitySettings { PlcUrl = server.At("/base/") }, http);
}
