using Microsoft.AspNetCore.Http;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class DidResolverTests
{
    [TestCase("did:web:example.com", "https://example.com/.well-known/did.json")]
    [TestCase("did:web:localhost", "http://localhost/.well-known/did.json")]
    [TestCase("did:web:localhost%3A2583", "http://localhost:2583/.well-known/did.json")]
    public void TryGetWebAddress_WhenHostName_IsItsWellKnownDocument(string did, string address)
    {
        Assert.That(DidResolver.TryGetWebAddress(Did.Parse(did), out Uri? found), Is.True);
        Assert.That(found!.AbsoluteUri, Is.EqualTo(address));
    }

    // Pitfall G 145.
    [TestCase("did:web:example.com:users:alice")]
    [TestCase("did:web:example.com%3A8443")]
    [TestCase("did:web:localhost%3A")]
    [TestCase("did:web:localhost%3A0")]
    [TestCase("did:web:localhost%3A65536")]
    [TestCase("did:web:localhost%3A80%3A80")]
    [TestCase("did:web:127.0.0.1")]
    [TestCase("did:web:example.com%2Fpath")]
    [TestCase("did:web:user%40example.com")]
    [TestCase("did:web:example..com")]
    public void TryGetWebAddress_WhenAnythingElse_IsFalse(string did) => Assert.That(DidResolver.TryGetWebAddress(Did.Parse(did), out _), Is.False);

    [Test]
    public async Task Fetch_WhenWebHostHasTheDocument_GivesIt()
    {
        string accept = "";
        string did = "";
        await using LocalServer server = await LocalServer.StartAsync(context =>
        {
            accept = context.Request.Headers.Accept.ToString();
            return context.Response.Body.WriteAsync(GivenDocument.Json(did)).AsTask();
        });
        did = $"did:web:localhost%3A{server.Url.Port}";

        DidDocument? document = await FetchAsync(did);

        Assert.That(document!.Handle.ToString(), Is.EqualTo("alice.example.org"));
        Assert.That(server.Requests, Is.EqualTo(["GET /.well-known/did.json"]));
        Assert.That(accept.Replace(" ", "", StringComparison.Ordinal), Is.EqualTo("application/did+ld+json,application/json"));
    }

    [TestCase(404)]
    [TestCase(410)]
    public async Task Fetch_WhenWebHostHasNone_IsNull(int status)
    {
        await using LocalServer server = await StartAsync(status, "");

        Assert.That(await FetchAsync($"did:web:localhost%3A{server.Url.Port}"), Is.Null);
    }

    [TestCase(500)]
    [TestCase(403)]
    [TestCase(302)]
    public async Task Fetch_WhenWebHostFails_IsUpstreamFailure(int status)
    {
        await using LocalServer server = await StartAsync(status, "");

        Assert.That(await RefusalAsync($"did:web:localhost%3A{server.Url.Port}"), Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    [TestCase("[]")]
    [TestCase("no json")]
    [TestCase("""{"id":"did:web:somebody.else"}""")]
    public async Task Fetch_WhenDocumentIsNotOne_IsInvalidRequest(string body)
    {
        await using LocalServer server = await StartAsync(200, body);

        Assert.That(await RefusalAsync($"did:web:localhost%3A{server.Url.Port}"), Is.EqualTo(RequestErrors.InvalidRequest));
    }

    [Test]
    public async Task Fetch_WhenDocumentIsTooLong_IsUpstreamFailure()
    {
        await using LocalServer server = await StartAsync(200, new string(' ', DidJson.MaxBytes + 1));

        Assert.That(await RefusalAsync($"did:web:localhost%3A{server.Url.Port}"), Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    [TestCase("did:web:localhost%3A1", "UpstreamFailure")]
    [TestCase("did:web:example.com:alice", "InvalidRequest")]
    [TestCase("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", "InvalidRequest")]
    public async Task Fetch_WhenNobodyCanAnswer_IsRefused(string did, string error) => Assert.That((await RefusalAsync(did)).Name, Is.EqualTo(error));

    private static Task<LocalServer> StartAsync(int status, string body) => LocalServer.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = "/elsewhere";
        return context.Response.WriteAsync(body);
    });

    private static async Task<DidDocument?> FetchAsync(string did)
    {
        using var http = new GuardedHttp(new ServerSettings { DevMode = true }, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System);
        return await new DidResolver(new IdentitySettings(), new NoPlc(), http).FetchAsync(Did.Parse(did), CancellationToken.None);
    }

    private static async Task<XrpcError> RefusalAsync(string did)
    {
        try
        {
            await FetchAsync(did);
        }
        catch (XrpcException e)
        {
            return e.Error;
        }

        throw new AssertionException("It was not refused.");
    }

    private sealed class NoPlc : IPlcDocumentSource
    {
        public Task<DidDocument?> FindDocumentAsync(Did did, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
