using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;
using Pds.IntegrationTests.Accounts;

namespace Pds.IntegrationTests.Blobs;

internal sealed class GetBlobTests : PdsTest
{
    private static readonly byte[] Content = "0123456789"u8.ToArray();

    private AccountClient _alice = null!;
    private Cid _cid;

    [SetUp]
    public async Task UploadAsync()
    {
        _alice = await Pds.CreateAccountAsync();
        JsonNode blob = await _alice.UploadAsync(Content, "text/html");
        _cid = blob.CidOf();
        await _alice.CreateNoteAsync(blob);
    }

    [TearDown]
    public void SignOut() => _alice.Dispose();

    // Pitfall H 148.
    [Test]
    public async Task GetBlob_AnswersTheBytesWithHeadersThatKeepThemFromRunning()
    {
        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, _cid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(Content));
            Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/html"));
            Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(Content.Length));
            Assert.That(response.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(["nosniff"]));
            Assert.That(response.Content.Headers.GetValues("Content-Disposition"), Is.EqualTo([$"attachment; filename=\"{_cid}\""]));
            Assert.That(response.Headers.GetValues("Content-Security-Policy"), Is.EqualTo(["default-src 'none'; sandbox"]));
            Assert.That(response.Headers.ETag!.Tag, Is.EqualTo($"\"{_cid}\""));
            Assert.That(response.Headers.AcceptRanges, Is.EqualTo(["bytes"]));
            Assert.That(response.Headers.CacheControl!.ToString(), Is.EqualTo("private"));
        }
    }

    [TestCase("bytes=0-3", "0123", "bytes 0-3/10")]
    [TestCase("bytes=4-", "456789", "bytes 4-9/10")]
    [TestCase("bytes=-3", "789", "bytes 7-9/10")]
    [TestCase("bytes=-99", "0123456789", "bytes 0-9/10")]
    [TestCase("bytes=8-99", "89", "bytes 8-9/10")]
    public async Task GetBlob_WhenARangeIsAskedFor_AnswersThatPart(string range, string expected, string contentRange)
    {
        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, _cid, request => request.Headers.Range = RangeHeaderValue.Parse(range));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(expected));
            Assert.That(response.Content.Headers.ContentRange!.ToString(), Is.EqualTo(contentRange));
        }
    }

    [TestCase("bytes=10-")]
    [TestCase("bytes=-0")]
    public async Task GetBlob_WhenTheRangeLiesOutside_AnswersNotSatisfiable(string range)
    {
        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, _cid, request => request.Headers.TryAddWithoutValidation("Range", range));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable));
            Assert.That(response.Content.Headers.GetValues("Content-Range"), Is.EqualTo(["bytes */10"]));
        }
    }

    [TestCase("bytes=0-1,3-4")]
    [TestCase("lines=0-1")]
    [TestCase("nonsense")]
    public async Task GetBlob_WhenTheRangeIsOfAnotherKind_AnswersTheWholeBlob(string range)
    {
        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, _cid, request => request.Headers.TryAddWithoutValidation("Range", range));

        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(Content));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task GetBlob_WhenTheClientHasIt_AnswersNotModified()
    {
        HttpResponseMessage response = await Pds.Http.GetBlobAsync(
            _alice, _cid, request => request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{_cid}\"")));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task GetBlob_WhenOnlyTheHeadIsAskedFor_AnswersWithoutABody()
    {
        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, _cid, request => request.Method = HttpMethod.Head);

        Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(Content.Length));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task GetBlob_WhenUnknown_IsNotFound() =>
        await (await Pds.Http.GetBlobAsync(_alice, Cid.ForRaw("nobody"u8))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");

    // Pitfall H 151.
    [Test]
    public async Task GetBlob_WhenNoRecordRefersToIt_IsNotFound()
    {
        JsonNode loose = await _alice.UploadAsync();

        HttpResponseMessage response = await _alice.Http.GetBlobAsync(_alice, loose.CidOf());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
    }

    [Test]
    public async Task GetBlob_WhenTheFileIsGone_IsNotFoundWithoutTheBlobsHeaders()
    {
        File.Delete(Pds.FileOf(_alice, _cid));

        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, _cid);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
        Assert.That(response.Headers.ETag, Is.Null);
    }

    [Test]
    public async Task GetBlob_WhenTheAccountIsDeactivated_IsServedToItAndTheOperatorOnly()
    {
        await _alice.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        string basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{PdsApplication.AdminPassword}"));

        HttpResponseMessage stranger = await Pds.Http.GetBlobAsync(_alice, _cid);
        HttpResponseMessage owner = await _alice.Http.GetBlobAsync(_alice, _cid);
        HttpResponseMessage admin = await Pds.Http.GetBlobAsync(_alice, _cid, request => request.Headers.Authorization = new("Basic", basic));

        await stranger.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RepoDeactivated");
        Assert.That(owner.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(admin.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task GetBlobAndListBlobs_WhenTheAccountIsTakenDown_AreServedToItsTakendownSession()
    {
        await Pds.TakeDownAsync(_alice.Did);
        JsonNode session = await (await Pds.Http.SignInAsync(_alice.Did.ToString(), allowTakendown: true)).ShouldBeJsonAsync();
        string token = session["accessJwt"]!.GetValue<string>();
        string list = $"com.atproto.sync.listBlobs?did={_alice.Did}";

        HttpResponseMessage blob = await Pds.Http.GetBlobAsync(_alice, _cid);
        HttpResponseMessage blobs = await Pds.Http.GetAsync(new Uri($"/xrpc/{list}", UriKind.Relative));
        HttpResponseMessage ownBlob = await Pds.Http.GetBlobAsync(_alice, _cid, request => request.Headers.Authorization = new("Bearer", token));
        HttpResponseMessage ownBlobs = await Pds.Http.SendAsync(HttpMethod.Get, list, token);

        await blob.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RepoTakendown");
        await blobs.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RepoTakendown");
        Assert.That(ownBlob.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await ownBlobs.ShouldBeJsonAsync())["cids"]!.AsArray().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetBlob_WhenAParameterIsBadOrAbsent_IsRefused()
    {
        foreach (string query in new[] { $"did={_alice.Did}", $"cid={_cid}", $"did=nope&cid={_cid}", $"did={_alice.Did}&cid=nope" })
        {
            HttpResponseMessage response = await Pds.Http.GetAsync(new Uri($"/xrpc/com.atproto.sync.getBlob?{query}", UriKind.Relative));

            await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        }
    }
}
