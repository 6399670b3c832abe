using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Pds.IntegrationTests.OAuth;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Stores;

/// <summary>What the first version kept, this one opens, serves and exports byte for byte.</summary>
[TestFixture("stopped")]
[TestFixture("crashed")]
internal sealed class FirstVersionTests(string state)
{
    private readonly FirstVersion _first = FirstVersion.Read();
    private string _directory = null!;
    private PdsApplication _pds = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("pds-first-").FullName;
        _pds = await _first.StartAsync(FirstVersion.Unpack(state, _directory));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _pds.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    [Order(1)] // the others write
    public async Task EveryAnswer_IsTheSame()
    {
        List<string> differences = [];

        foreach (FirstVersion.Answer expected in _first.Answers)
        {
            using HttpRequestMessage request = expected.Ask();
            using HttpResponseMessage actual = await _pds.Http.SendAsync(request);
            byte[] body = await actual.Content.ReadAsByteArrayAsync();
            bool isSame = (int)actual.StatusCode == expected.Status
                && (expected.Status == 200 ? body.AsSpan().SequenceEqual(expected.Body) && actual.Content.Headers.ContentType?.ToString() == expected.ContentType : ErrorOf(body) == ErrorOf(expected.Body));
            if (!isSame)
            {
                differences.Add($"{expected.Path}: {(int)actual.StatusCode} {Show(body)} instead of {expected.Status} {Show(expected.Body)}");
            }
        }

        Assert.That(_first.Answers, Has.Count.GreaterThan(60));
        Assert.That(differences, Is.Empty);
    }

    [Test]
    [Order(1)]
    public async Task EveryFrame_IsTheSame()
    {
        await using FirehoseClient subscriber = await FirehoseClient.OpenAsync(_pds.Address, "cursor=0");

        await subscriber.WaitForAsync(_ => subscriber.Frames.Count >= _first.Frames.Count);

        Assert.That(subscriber.Frames.Take(_first.Frames.Count).Select(frame => Convert.ToBase64String(frame.Bytes)), Is.EqualTo(_first.Frames.Select(Convert.ToBase64String)));
    }

    [Test]
    [Order(2)]
    public async Task EverySession_IsRefreshed()
    {
        foreach ((string name, FirstVersion.Session session) in _first.Sessions)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/xrpc/com.atproto.server.refreshSession") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", session.RefreshJwt) } };
            JsonNode refreshed = await (await _pds.Http.SendAsync(request)).ShouldBeJsonAsync();

            Assert.That((string?)refreshed["did"], Is.EqualTo(session.Did), name);
        }
    }

    [Test]
    [Order(2)]
    public async Task EveryPassword_SignsIn()
    {
        foreach (string secret in _first.AppPasswords.Values.Append(_first.Password))
        {
            JsonNode session = await (await _pds.Http.PostXrpcAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = "alice.test", ["password"] = secret })).ShouldBeJsonAsync();

            Assert.That((string?)session["did"], Is.EqualTo(_first.Accounts["alice"]));
        }
    }

    [Test]
    [Order(2)]
    public async Task OAuthSession_CallsAndIsRefreshed()
    {
        FirstVersion.OAuthSession kept = _first.OAuth;
        using OAuthClient client = new(_pds) { ClientId = kept.ClientId, Key = new DpopKey(KeyOf(kept)) };

        JsonNode session = await (await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", kept.AccessToken, change: At)).ShouldBeJsonAsync();
        JsonNode refreshed = await (await client.PostAsync("/oauth/token", client.RefreshForm(kept.RefreshToken), At)).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)session["did"], Is.EqualTo(kept.Did));
            Assert.That((string?)refreshed["sub"], Is.EqualTo(kept.Did));
            Assert.That((string?)refreshed["scope"], Is.EqualTo(kept.Scope));
        }
    }

    [TestCase("alice", "full")]
    [TestCase("alice", "privileged")]
    [Order(2)]
    public async Task Write_GoesOnAfterTheLastRevision(string account, string session)
    {
        string did = _first.Accounts[account];
        JsonNode before = await (await _pds.Http.GetXrpcAsync("com.atproto.sync.getLatestCommit", ("did", did))).ShouldBeJsonAsync();

        using HttpClient http = _pds.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _first.Sessions[session].AccessJwt);
        JsonObject input = new() { ["repo"] = did, ["collection"] = "com.example.note", ["record"] = new JsonObject { ["$type"] = "com.example.note", ["text"] = session } };
        JsonNode written = await (await http.PostXrpcAsync("com.atproto.repo.createRecord", input)).ShouldBeJsonAsync();
        using HttpResponseMessage difference = await _pds.Http.GetXrpcAsync("com.atproto.sync.getRepo", ("did", did), ("since", (string?)before["rev"]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string)written["commit"]!["rev"]!, Is.GreaterThan((string)before["rev"]!).Using((IComparer<string>)StringComparer.Ordinal));
            Assert.That(difference.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private void At(JsonObject claims) => claims["iat"] = _first.RecordedAt.ToUnixTimeSeconds();

    private static ECDsa KeyOf(FirstVersion.OAuthSession session) => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = Base64Url.DecodeFromChars(session.Key["d"]),
        Q = new ECPoint { X = Base64Url.DecodeFromChars(session.Key["x"]), Y = Base64Url.DecodeFromChars(session.Key["y"]) },
    });

    private static string? ErrorOf(byte[] body) => (string?)JsonNode.Parse(body)?["error"];

    private static string Show(byte[] body) => System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 300)));
}
