using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;

namespace Pds.IntegrationTests.Identity;

/// <summary>The directory inside the server, asked over HTTP by our own client of directories, and by hand.</summary>
internal sealed class PlcDirectoryTests
{
    private readonly HttpClient _http = new();
    private readonly TrustedHttp _trusted = new(TimeProvider.System);
    private PlcServer _server = null!;
    private PlcDirectoryClient _client = null!;

    [SetUp]
    public async Task SetUp()
    {
        _server = await PlcServer.StartAsync();
        _client = new PlcDirectoryClient(new IdentitySettings { PlcUrl = _server.Url }, _trusted);
    }

    [TearDown]
    public ValueTask TearDown() => _server.DisposeAsync();

    [OneTimeTearDown]
    public void OneTimeTearDown()
    {
        _http.Dispose();
        _trusted.Dispose();
    }

    [Test]
    public async Task Submit_ThenUpdate_ShowsEverywhere()
    {
        ISigner key = GivenOperations.Signer();
        (Did did, PlcOperation genesis) = await CreateAsync(key);
        PlcOperation update = PlcOperation.SignUpdate(GivenOperations.Data("bob.test", key), genesis.Cid, key);

        await _client.SubmitAsync(did, update, CancellationToken.None);

        DidDocument? document = await _client.FindDocumentAsync(did, CancellationToken.None);
        Assert.That(document!.Handle.ToString(), Is.EqualTo("bob.test"));
        Assert.That((await _client.FindLastAsync(did, CancellationToken.None))!.Cid, Is.EqualTo(update.Cid));
        JsonElement data = await GetAsync($"{did}/data");
        Assert.That(data.GetProperty("did").GetString(), Is.EqualTo(did.ToString()));
        Assert.That(data.GetProperty("services").GetProperty("atproto_pds").GetProperty("endpoint").GetString(), Is.EqualTo("https://pds.test"));
        Assert.That((await GetAsync($"{did}/log")).GetArrayLength(), Is.EqualTo(2));
        JsonElement audit = await GetAsync($"{did}/log/audit");
        Assert.That(audit[0].GetProperty("cid").GetString(), Is.EqualTo(genesis.Cid.ToString()));
        Assert.That(audit[0].GetProperty("nullified").GetBoolean(), Is.False);
        Assert.That(audit[0].GetProperty("createdAt").GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
    }

    [Test]
    public async Task Submit_WhenAStrongerKeyRecovers_MarksWhatItUndid()
    {
        (ISigner strong, ISigner weak) = (GivenOperations.Signer(), GivenOperations.Signer());
        var genesis = PlcOperation.SignGenesis(GivenOperations.Data("alice.test", strong, weak), weak);
        Did did = genesis.DeriveDid();
        await _client.SubmitAsync(did, genesis, CancellationToken.None);
        await _client.SubmitAsync(did, PlcOperation.SignUpdate(GivenOperations.Data("mallory.test", weak), genesis.Cid, weak), CancellationToken.None);

        await _client.SubmitAsync(did, PlcOperation.SignUpdate(GivenOperations.Data("alice2.test", strong), genesis.Cid, strong), CancellationToken.None);

        JsonElement audit = await GetAsync($"{did}/log/audit");
        Assert.That(audit.EnumerateArray().Select(entry => entry.GetProperty("nullified").GetBoolean()), Is.EqualTo([false, true, false]));
        Assert.That((await GetAsync($"{did}/log")).GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Submit_WhenTombstoned_IsAvailableNoMore()
    {
        ISigner key = GivenOperations.Signer();
        (Did did, PlcOperation genesis) = await CreateAsync(key);

        await _client.SubmitAsync(did, PlcOperation.SignTombstone(genesis.Cid, key), CancellationToken.None);

        Assert.That(await _client.IsTombstonedAsync(did, CancellationToken.None), Is.True);
        Assert.That(await _client.FindLastAsync(did, CancellationToken.None), Is.Null);
        Assert.That(await _client.FindDocumentAsync(did, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Submit_WhenSignedByAStranger_IsRefused()
    {
        (Did did, PlcOperation genesis) = await CreateAsync(GivenOperations.Signer());
        ISigner stranger = GivenOperations.Signer();

        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(
            () => _client.SubmitAsync(did, PlcOperation.SignUpdate(GivenOperations.Data("mallory.test", stranger), genesis.Cid, stranger), CancellationToken.None));

        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.InvalidRequest));
        Assert.That(refusal.Message, Does.Contain("rotation key"));
    }

    [TestCase("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/data")]
    [TestCase("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/log")]
    [TestCase("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/log/last")]
    [TestCase("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/log/audit")]
    [TestCase("did:web:example.com")]
    [TestCase("rubbish")]
    public async Task Get_WhenDidIsUnknown_Is404WithAMessage(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync($"{_server.Url}/{path}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString(), Does.StartWith("DID not registered"));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[1")]
    public async Task Post_WhenBodyIsNoOperation_Is400(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage response = await _http.PostAsync($"{_server.Url}/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Post_WhenBodyIsTooLong_Is400()
    {
        using var content = new ByteArrayContent(new byte[40_000]);

        using HttpResponseMessage response = await _http.PostAsync($"{_server.Url}/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Append_WhenTwoWritersRace_KeepsExactlyOne()
    {
        ISigner key = GivenOperations.Signer();
        (Did did, PlcOperation genesis) = await CreateAsync(key);
        IReadOnlyList<PlcLogEntry> log = await _server.Store.ReadAsync(did, CancellationToken.None);
        PlcLogEntry[] rivals = [.. Enumerable.Range(0, 8).Select(i =>
            new PlcLogEntry(PlcOperation.SignUpdate(GivenOperations.Data($"bob{i}.test", key), genesis.Cid, key), DateTimeOffset.UnixEpoch, Nullified: false))];

        bool[] kept = await Task.WhenAll(rivals.Select(rival => Task.Run(() => _server.Store.AppendAsync(did, [.. log, rival], CancellationToken.None))));

        Assert.That(kept.Count(success => success), Is.EqualTo(1));
        Assert.That(await _server.Store.ReadAsync(did, CancellationToken.None), Has.Count.EqualTo(2));
    }

    private async Task<(Did Did, PlcOperation Genesis)> CreateAsync(ISigner key)
    {
        var genesis = PlcOperation.SignGenesis(GivenOperations.Data("alice.test", key), key);
        Did did = genesis.DeriveDid();
        await _client.SubmitAsync(did, genesis, CancellationToken.None);
        return (did, genesis);
    }

    private Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>($"{_server.Url}/{path}");
}
