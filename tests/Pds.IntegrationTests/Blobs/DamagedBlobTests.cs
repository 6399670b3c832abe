using System.Net;
using System.Text.Json.Nodes;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests.Blobs;

/// <summary>Files that the disk has lost or damaged, and blobs that go while a record is about to refer to them.</summary>
internal sealed class DamagedBlobTests : PdsTest
{
    private AccountClient _alice = null!;

    [SetUp]
    public async Task SignUpAsync() => _alice = await Pds.CreateAccountAsync();

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [TestCase(null)]
    [TestCase("bytes=90-")]
    public async Task GetBlob_WhenTheFileIsCutShort_FailsBeforeTheHead(string? range)
    {
        (_, Cid cid) = await CreateAsync();
        await CutAsync(cid, 80);

        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, cid, request => request.Headers.TryAddWithoutValidation("Range", range));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.InternalServerError, "BlobDamaged");
        Assert.That(response.Headers.ETag, Is.Null);
    }

    [TestCase(80)]
    [TestCase(null, TestName = "Upload_WhenTheFileWasLost_HealsIt")]
    public async Task Upload_WhenTheFileWasCutShort_HealsIt(int? left)
    {
        (byte[] bytes, Cid cid) = await CreateAsync();
        if (left is { } length)
        {
            await CutAsync(cid, length);
        }
        else
        {
            File.Delete(Pds.FileOf(_alice, cid));
        }

        await _alice.UploadAsync(bytes);

        HttpResponseMessage response = await Pds.Http.GetBlobAsync(_alice, cid);
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes));
        Assert.That(Pds.TemporaryFiles(_alice), Is.Empty);
    }

    [Test]
    public async Task CreateRecord_WhenTheBlobIsTakenDownBetweenClaimAndLog_IsRefused()
    {
        JsonNode blob = await _alice.UploadAsync();
        var path = RecordPath.Parse("com.example.note/late");
        DataMap record = DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes(BlobRequests.Note(blob).ToJsonString()));
        using var held = new HeldQueue();
        await Pds.Get<WriteQueue>().EnqueueAsync(held);

        Task<bool> takedown = Pds.Get<IBlobTakedowns>().SetAsync(_alice.Did, blob.CidOf(), "spam", audit: null, CancellationToken.None);
        Task<RepositoryChange?> write = Pds.Get<Application.Repositories.IRepositoryStore>()
            .WriteAsync(_alice.Did, (repository, _) => new(repository.Apply([RecordWrite.Create(path, record)])), CancellationToken.None);
        await BlobRequests.EventuallyAsync(() => Pds.HasFile(_alice, blob.CidOf()));    // claimed: the file is in its permanent place
        held.Release();

        Assert.That(await takedown, Is.True);
        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => write)!;
        Assert.That(refusal.Error, Is.EqualTo(BlobErrors.BlobNotFound));
        await (await Pds.Http.GetBlobAsync(_alice, blob.CidOf())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
    }

    private async Task<(byte[] Bytes, Cid Cid)> CreateAsync()
    {
        byte[] bytes = new byte[100];
        Random.Shared.NextBytes(bytes);
        JsonNode blob = await _alice.UploadAsync(bytes, "application/x-test");
        await _alice.CreateNoteAsync(blob);
        return (bytes, blob.CidOf());
    }

    private async Task CutAsync(Cid cid, int length)
    {
        await using FileStream file = File.OpenWrite(Pds.FileOf(_alice, cid));
        file.SetLength(length);
    }
}
