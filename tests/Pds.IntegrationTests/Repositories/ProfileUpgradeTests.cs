using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Blobs;

namespace Pds.IntegrationTests.Repositories;

/// <summary>Profiles of the early days, whose pictures are <c>{cid, mimeType}</c>: they come by import only, and clients put them back as they found them.</summary>
internal sealed class ProfileUpgradeTests : PdsTest
{
    private const string Collection = "app.bsky.actor.profile";
    private static readonly byte[] Picture = [.. BlobRequests.Png, 1, 2, 3];
    private static int _names;

    private ForeignIdentity _mover = null!;
    private AccountClient _alice = null!;

    [SetUp]
    public async Task MoveInAsync()
    {
        _mover = await Pds.CreateForeignIdentityAsync($"early{Interlocked.Increment(ref _names)}.test");
        _alice = await _mover.MoveInAsync();
    }

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [Test]
    public async Task PutRecord_OfAProfileWithLegacyPictures_WritesTypedReferences()
    {
        await ImportProfileAsync();
        await _alice.UploadAsync(Picture, "image/png");
        JsonNode profile = await GetProfileAsync();
        profile["displayName"] = "Alice";

        JsonNode answer = await (await PutAsync(profile)).ShouldBeJsonAsync();

        JsonNode stored = await GetProfileAsync();
        JsonObject typed = new()
        {
            ["$type"] = "blob",
            ["ref"] = new JsonObject { ["$link"] = Cid.ForRaw(Picture).ToString() },
            ["mimeType"] = "image/png",
            ["size"] = Picture.Length,
        };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer["validationStatus"]!.GetValue<string>(), Is.EqualTo("valid"));
            Assert.That(JsonNode.DeepEquals(stored["avatar"], typed), Is.True, stored.ToJsonString());
            Assert.That(JsonNode.DeepEquals(stored["banner"], typed), Is.True, stored.ToJsonString());
            Assert.That(stored["displayName"]!.GetValue<string>(), Is.EqualTo("Alice"));
            Assert.That((await Pds.Http.GetBlobAsync(_alice, Cid.ForRaw(Picture))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task PutRecord_WhenTheLegacyPictureIsMissing_AnswersBlobNotFound()
    {
        await ImportProfileAsync();

        HttpResponseMessage response = await PutAsync(await GetProfileAsync());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
    }

    [Test]
    public async Task PutRecord_OfANewProfileWithLegacyPictures_IsRefused()
    {
        await ActivateAsync();
        await _alice.UploadAsync(Picture, "image/png");

        HttpResponseMessage response = await PutAsync(JsonNode.Parse(Legacy())!);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    private static string Legacy() => $$$"""
        {"$type":"{{{Collection}}}","avatar":{{{Reference()}}},"banner":{{{Reference()}}}}
        """;

    private static string Reference() => $$"""{"cid":"{{Cid.ForRaw(Picture)}}","mimeType":"image/png"}""";

    private async Task ImportProfileAsync()
    {
        byte[] cbor = DataMap.FromJson(Encoding.UTF8.GetBytes(Legacy())).Cbor.ToArray();
        using var content = new ByteArrayContent(new ImportArchive(_alice.Did, _mover.Signing).Add($"{Collection}/self", cbor).ToCar());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.ipld.car");
        HttpResponseMessage response = await _alice.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.importRepo", UriKind.Relative), content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await ActivateAsync();
    }

    private async Task ActivateAsync()
    {
        await _mover.PointHereAsync();
        Assert.That((await _alice.PostAsync("com.atproto.server.activateAccount")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task<JsonNode> GetProfileAsync() =>
        (await (await _alice.GetAsync("com.atproto.repo.getRecord", ("repo", _alice.Did), ("collection", Collection), ("rkey", "self"))).ShouldBeJsonAsync())["value"]!;

    private Task<HttpResponseMessage> PutAsync(JsonNode profile) => _alice.PostAsync("com.atproto.repo.putRecord", new JsonObject
    {
        ["repo"] = _alice.Did.ToString(),
        ["collection"] = Collection,
        ["rkey"] = "self",
        ["record"] = profile.DeepClone(),
    });
}
