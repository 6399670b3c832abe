using System.Net;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;

namespace Pds.IntegrationTests.Blobs;

internal sealed class BlobReferenceTests : PdsTest
{
    private AccountClient _alice = null!;

    [SetUp]
    public async Task SignUpAsync() => _alice = await Pds.CreateAccountAsync();

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [Test]
    public async Task CreateRecord_WhenABlobWasNotUploaded_AnswersBlobNotFound()
    {
        JsonNode blob = await _alice.UploadAsync();
        blob["ref"]!["$link"] = Cid.ForRaw("never uploaded"u8).ToString();

        HttpResponseMessage response = await _alice.TryCreateNoteAsync(blob);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
    }

    [Test]
    public async Task CreateRecord_WhenTheBlobIsSomebodyElses_AnswersBlobNotFound()
    {
        using AccountClient bob = await Pds.CreateAccountAsync();
        JsonNode blob = await bob.UploadAsync();

        HttpResponseMessage response = await _alice.TryCreateNoteAsync(blob);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
    }

    [Test]
    public async Task CreateRecord_WhenTheSizeIsAnother_AnswersInvalidSize()
    {
        JsonNode blob = await _alice.UploadAsync();
        blob["size"] = 17;

        HttpResponseMessage response = await _alice.TryCreateNoteAsync(blob);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSize");
        Assert.That(await _alice.ListBlobsAsync(), Is.Empty);
    }

    [Test]
    public async Task CreateRecord_WhenTheMediaTypeIsAnother_AnswersInvalidMimeType()
    {
        JsonNode blob = await _alice.UploadAsync();
        blob["mimeType"] = "image/png";

        HttpResponseMessage response = await _alice.TryCreateNoteAsync(blob);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidMimeType");
    }

    [Test]
    public async Task CreateRecord_WhenOneBlobOfTwoIsRefused_ServesNeither()
    {
        JsonNode good = await _alice.UploadAsync();
        JsonNode bad = await _alice.UploadAsync();
        bad["size"] = 1;

        await (await _alice.TryCreateNoteAsync(good, bad)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSize");

        await (await Pds.Http.GetBlobAsync(_alice, good.CidOf())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
        await _alice.CreateNoteAsync(good);
        Assert.That((await Pds.Http.GetBlobAsync(_alice, good.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task CreateRecord_WhenTheBlobIsPermanent_ComparesNothing()
    {
        JsonNode blob = await _alice.UploadAsync();
        await _alice.CreateNoteAsync(blob);
        blob["size"] = 17;

        HttpResponseMessage response = await _alice.TryCreateNoteAsync(blob);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task CreateRecord_MovesTheFileToItsPermanentPlace()
    {
        JsonNode blob = await _alice.UploadAsync();

        await _alice.CreateNoteAsync(blob, blob);

        Assert.That(Pds.HasFile(_alice, blob.CidOf()), Is.True);
        Assert.That(Pds.TemporaryFiles(_alice), Is.Empty);
    }

    [Test]
    public async Task DeleteRecord_WhenAnotherRecordSharesTheBlob_KeepsIt()
    {
        JsonNode blob = await _alice.UploadAsync();
        string first = await _alice.CreateNoteAsync(blob);
        string second = await _alice.CreateNoteAsync(blob);

        await _alice.DeleteNoteAsync(first);
        HttpResponseMessage kept = await Pds.Http.GetBlobAsync(_alice, blob.CidOf());
        await _alice.DeleteNoteAsync(second);
        HttpResponseMessage gone = await Pds.Http.GetBlobAsync(_alice, blob.CidOf());

        Assert.That(kept.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await gone.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
        await BlobRequests.EventuallyAsync(() => !Pds.HasFile(_alice, blob.CidOf()));
    }

    // Pitfall H 153.
    [Test]
    public async Task PutRecord_WhenTheNewVersionKeepsTheBlob_KeepsIt()
    {
        JsonNode kept = await _alice.UploadAsync();
        JsonNode dropped = await _alice.UploadAsync();
        JsonNode added = await _alice.UploadAsync();
        string rkey = await _alice.CreateNoteAsync(kept, dropped);

        await (await _alice.PutNoteAsync(rkey, kept, added)).ShouldBeJsonAsync();

        await BlobRequests.EventuallyAsync(() => !Pds.HasFile(_alice, dropped.CidOf()));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await _alice.ListBlobsAsync(), Is.EquivalentTo([kept.CidOf().ToString(), added.CidOf().ToString()]));
            Assert.That(Pds.HasFile(_alice, kept.CidOf()), Is.True);
            Assert.That(Pds.HasFile(_alice, added.CidOf()), Is.True);
        }
    }

    [Test]
    public async Task ApplyWrites_WhenTheBlobMovesFromOneRecordToAnother_KeepsIt()
    {
        JsonNode blob = await _alice.UploadAsync();
        string rkey = await _alice.CreateNoteAsync(blob);

        HttpResponseMessage response = await _alice.PostAsync("com.atproto.repo.applyWrites", new JsonObject
        {
            ["repo"] = _alice.Did.ToString(),
            ["writes"] = new JsonArray(
                new JsonObject { ["$type"] = "com.atproto.repo.applyWrites#delete", ["collection"] = "com.example.note", ["rkey"] = rkey },
                new JsonObject { ["$type"] = "com.atproto.repo.applyWrites#create", ["collection"] = "com.example.note", ["value"] = BlobRequests.Note(blob) }),
        });

        await response.ShouldBeJsonAsync();
        Assert.That((await Pds.Http.GetBlobAsync(_alice, blob.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task DeleteRecord_ThenUploadAgain_ServesTheBlobAnew()
    {
        byte[] bytes = Guid.NewGuid().ToByteArray();
        JsonNode blob = await _alice.UploadAsync(bytes);
        await _alice.DeleteNoteAsync(await _alice.CreateNoteAsync(blob));

        await _alice.UploadAsync(bytes);
        await _alice.CreateNoteAsync(blob);

        Assert.That((await Pds.Http.GetBlobAsync(_alice, blob.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    // Pitfall H 152.
    [Test]
    public async Task ListBlobs_ListsWhatRecordsReferToInPages()
    {
        JsonNode first = await _alice.UploadAsync();
        JsonNode commit = (await _alice.CreateRecordAsync(record: BlobRequests.Note(first)))["commit"]!;
        JsonNode[] later = [await _alice.UploadAsync(), await _alice.UploadAsync()];
        await _alice.CreateNoteAsync(later);
        await _alice.UploadAsync();

        string[] all = await _alice.ListBlobsAsync();
        string[] since = await _alice.ListBlobsAsync(("since", commit["rev"]!.GetValue<string>()));
        string[] page = await _alice.ListBlobsAsync(("limit", 2));
        string[] rest = await _alice.ListBlobsAsync(("limit", 2), ("cursor", page[^1]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all, Is.EquivalentTo([first.CidOf().ToString(), later[0].CidOf().ToString(), later[1].CidOf().ToString()]));
            Assert.That(since, Is.EquivalentTo([later[0].CidOf().ToString(), later[1].CidOf().ToString()]));
            Assert.That(page.Concat(rest), Is.EqualTo(all));
        }
    }

    [Test]
    public async Task ListBlobs_WhenTheCursorIsNone_IsRefused() =>
        await (await _alice.GetAsync("com.atproto.sync.listBlobs", ("did", _alice.Did), ("cursor", "nonsense"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

    [Test]
    public async Task CheckAccountStatus_CountsBlobs()
    {
        await _alice.CreateNoteAsync(await _alice.UploadAsync(), await _alice.UploadAsync());
        await _alice.UploadAsync();

        JsonNode status = await (await _alice.GetAsync("com.atproto.server.checkAccountStatus")).ShouldBeJsonAsync();

        Assert.That(status["expectedBlobs"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(status["importedBlobs"]!.GetValue<int>(), Is.EqualTo(2));
    }
}
