using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pds.Application.Settings;
using Pds.Infrastructure.Http;
using Pds.IntegrationTests.Embedding;

namespace Pds.IntegrationTests.OAuth;

/// <summary>Every failure to get client metadata says why, to the client and once to the log, without addresses of this network.</summary>
internal sealed class ClientFaultTests : PdsTest
{
    private const string Back = "https://app.client.dev/back";

    private readonly FakeWeb _web = new();
    private readonly LogLines _log = new();
    private int _clients;

    private static IEnumerable<TestCaseData> Failures()
    {
        yield return new TestCaseData("missing", "status 404");
        yield return new TestCaseData("other status", "status 203");
        yield return new TestCaseData("redirect", "redirect (status 302)");
        yield return new TestCaseData("html", "media type text/html");
        yield return new TestCaseData("no type", "media type none");
        yield return new TestCaseData("broken", "not well-formed JSON");
        yield return new TestCaseData("huge", "longer than 524288 bytes");
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Push_WhenTheDocumentCannotBeHad_SaysWhy_AndLogsItOnce(string spoil, string reason)
    {
        string id = $"https://app.client.dev/{++_clients}/client.json";
        _web.Documents[id] = FakeWeb.Public(id, Back);
        _web.Spoil[id] = spoil;
        using OAuthClient client = new(Pds) { ClientId = id, RedirectUri = Back };
        await LearnNonceAsync(client);

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await ShouldSayAsync(response, id, reason);
        Assert.That(_log.Lines.Where(line => line.Contains(id, StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(1).And.All.Contains(reason));
    }

    [Test]
    public async Task Push_WhenTheKeysCannotBeHad_SaysWhy()
    {
        const string Id = "https://keys.client.dev/client.json";
        using DpopKey key = new();
        _web.Documents[Id] = FakeWeb.Confidential(Id, Back, key);
        _web.Documents[Id].Remove("jwks");
        _web.Documents[Id]["jwks_uri"] = "https://keys.client.dev/jwks.json";
        _web.Spoil["https://keys.client.dev/jwks.json"] = "html";
        using ConfidentialClient client = new(Pds, key, "k1") { ClientId = Id, RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await ShouldSayAsync(response, Id, "jwks_uri: The document has the media type text/html");
    }

    [TestCase("somebody", "not a URL")]
    [TestCase("http://app.client.dev/client.json", "must be an https URL")]
    [TestCase("https://user@app.client.dev/client.json", "must not have credentials")]
    [TestCase("https://app.client.dev/client.json#part", "must not have a fragment")]
    [TestCase("https://app.client.dev/", "must have a path")]
    [TestCase("https://APP.client.dev/client.json", "normal form")]
    [TestCase("https://93.184.216.34/client.json", "not an IP address")]
    [TestCase("https://intranet/client.json", "public host")]
    [TestCase("https://www.example.com/client.json", "public host")]
    [TestCase("https://app.client.dev:8443/client.json", "default port")]
    [TestCase("http://localhost/app", "must not have a path")]
    [TestCase("http://localhost?name=x", "redirect_uri and scope only")]
    [TestCase("http://localhost?scope=transition:generic", "contain atproto")]
    [TestCase("http://localhost?redirect_uri=http%3A%2F%2Flocalhost%2Fback", "http://127.0.0.1")]
    public async Task Push_ByAMalformedClientId_SaysWhichRuleItBreaks(string id, string reason)
    {
        using OAuthClient client = new(Pds) { ClientId = id, RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await ShouldSayAsync(response, id, reason);
    }

    [Test]
    public async Task Push_WhenTheNameIsNotFound_SaysSo() =>
        await ShouldSayOfHostAsync((_, _) => throw new SocketException((int)SocketError.HostNotFound), "could not be resolved");

    [Test]
    public async Task Push_WhenTheNameHasNoAddress_SaysSo() => await ShouldSayOfHostAsync((_, _) => Task.FromResult(Array.Empty<IPAddress>()), "could not be resolved");

    [Test]
    public async Task Push_WhenTheHostIsInside_SaysSoWithoutTheAddress() =>
        await ShouldSayOfHostAsync((_, _) => Task.FromResult(new[] { IPAddress.Parse("10.1.2.3") }), "not public", "10.1.2.3");

    [Test]
    public async Task Push_OfADocumentWithKeysTwice_IsRefused([Values("none", "private_key_jwt")] string method)
    {
        string id = $"https://app.client.dev/{++_clients}/client.json";
        using DpopKey key = new();
        JsonObject document = method == "none" ? FakeWeb.Public(id, Back) : FakeWeb.Confidential(id, Back, key);
        document["jwks"] = FakeWeb.KeySet(key, "k1");
        document["jwks_uri"] = "https://app.client.dev/jwks.json";
        _web.Documents[id] = document;
        using OAuthClient client = new(Pds) { ClientId = id, RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client_metadata");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("jwks and jwks_uri exclude each other"));
    }

    protected override Task<PdsApplication> StartAsync() => _web.StartAsync(
        new Dictionary<string, string?> { ["LOG_LEVEL"] = "info" }, services => services.AddSingleton<ILoggerProvider>(_log));

    private static async Task ShouldSayAsync(HttpResponseMessage response, string id, string reason)
    {
        await response.ShouldBeOAuthErrorAsync(HttpStatusCode.BadRequest, "invalid_client_metadata");
        string said = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error_description"]!.GetValue<string>();
        Assert.That(said, Does.StartWith($"Unable to obtain client metadata for \"{id}\": ").And.Contain(reason));
    }

    private static async Task ShouldSayOfHostAsync(HostLookup lookup, string reason, string secret = "no secret")
    {
        const string Id = "https://app.client.dev/client.json";
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services =>
            services.Replace(ServiceDescriptor.Singleton(_ => new GuardedHttp(new ServerSettings(), lookup, TimeProvider.System))));
        using OAuthClient client = new(pds) { ClientId = Id, RedirectUri = Back };

        HttpResponseMessage response = await client.PostAsync("/oauth/par", client.PushForm());

        await ShouldSayAsync(response, Id, reason);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain(secret));
    }

    /// <summary>The first push asks for a nonce; it must not count among the lines of the log.</summary>
    private static async Task LearnNonceAsync(OAuthClient client)
    {
        await client.PostOnceAsync("/oauth/par", client.PushForm(), client.Key.Prove("POST", client.Address("/oauth/par"), nonce: null));
        Assert.That(client.Nonce, Is.Not.Null);
    }
}
