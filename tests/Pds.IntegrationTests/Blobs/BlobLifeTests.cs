using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.Blobs;
using Pds.Application.DependencyInjection;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests.Blobs;

/// <summary>Takedown, collection, quota and the end of blobs; and blobs that records refer to before they are here.</summary>
internal sealed class BlobLifeTests : PdsTest
{
    private const int Quota = 4096;

    private readonly ManualTime _time = new();
    private AccountClient _alice = null!;

    [SetUp]
    public async Task SignUpAsync() => _alice = await Pds.CreateAccountAsync();

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [Test]
    public async Task Takedown_HidesTheBlobUntilItIsLifted()
    {
        byte[] bytes = Guid.NewGuid().ToByteArray();
        JsonNode blob = await _alice.UploadAsync(bytes);
        await _alice.CreateNoteAsync(blob);
        IBlobTakedowns takedowns = Pds.Get<IBlobTakedowns>();

        bool found = await takedowns.SetAsync(_alice.Did, blob.CidOf(), "spam", audit: null, CancellationToken.None);
        HttpResponseMessage hidden = await Pds.Http.GetBlobAsync(_alice, blob.CidOf());
        HttpResponseMessage reference = await _alice.TryCreateNoteAsync(blob);
        HttpResponseMessage upload = await _alice.TryUploadAsync(bytes);
        string[] listed = await _alice.ListBlobsAsync();
        bool fileWasServed = Pds.HasFile(_alice, blob.CidOf());
        await takedowns.SetAsync(_alice.Did, blob.CidOf(), null, audit: null, CancellationToken.None);
        HttpResponseMessage shown = await Pds.Http.GetBlobAsync(_alice, blob.CidOf());

        Assert.That(found, Is.True);
        await hidden.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
        await reference.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
        await upload.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(listed, Is.EqualTo([blob.CidOf().ToString()]));
        Assert.That(fileWasServed, Is.False);
        Assert.That(await shown.Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes));
        Assert.That(Pds.TemporaryFiles(_alice), Is.Empty);
    }

    [Test]
    public async Task Takedown_WhenTheRecordIsDeleted_StillForbidsTheUpload()
    {
        byte[] bytes = Guid.NewGuid().ToByteArray();
        JsonNode blob = await _alice.UploadAsync(bytes);
        string rkey = await _alice.CreateNoteAsync(blob);
        await Pds.Get<IBlobTakedowns>().SetAsync(_alice.Did, blob.CidOf(), "spam", audit: null, CancellationToken.None);

        await _alice.DeleteNoteAsync(rkey);
        HttpResponseMessage upload = await _alice.TryUploadAsync(bytes);

        await upload.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task Takedown_WhenThereIsNoSuchBlob_IsFalse() =>
        Assert.That(await Pds.Get<IBlobTakedowns>().SetAsync(_alice.Did, Cid.ForRaw("none"u8), "spam", audit: null, CancellationToken.None), Is.False);

    // Pitfall H 154.
    [Test]
    public async Task Collect_DeletesWhatNoRecordRefersToForHours()
    {
        JsonNode old = await _alice.UploadAsync();
        JsonNode used = await _alice.UploadAsync();
        await _alice.CreateNoteAsync(used);
        await WaitAsync(TimeSpan.FromHours(6.1));
        JsonNode young = await _alice.UploadAsync();
        ITemporaryBlobs blobs = Pds.Get<ITemporaryBlobs>();

        CollectedBlobs dry = await blobs.CollectAsync(dryRun: true, CancellationToken.None);
        CollectedBlobs wet = await blobs.CollectAsync(dryRun: false, CancellationToken.None);
        CollectedBlobs again = await blobs.CollectAsync(dryRun: false, CancellationToken.None);

        await BlobRequests.EventuallyAsync(() => Pds.TemporaryFiles(_alice).Length == 1);
        await (await _alice.TryCreateNoteAsync(old)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
        await _alice.CreateNoteAsync(young);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(dry, Is.EqualTo(wet));
            Assert.That(wet.Count, Is.EqualTo(1));
            Assert.That(wet.Bytes, Is.EqualTo(16));
            Assert.That(again.Count, Is.Zero);
            Assert.That((await Pds.Http.GetBlobAsync(_alice, used.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Sweep_DeletesOldFilesThatNothingKnowsOf()
    {
        JsonNode known = await _alice.UploadAsync();
        string folder = Path.Combine(Pds.Options.Storage.BlobTempPath, _alice.Did.ToString());
        string stranger = Path.Combine(Pds.Options.Storage.BlobTempPath, "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz");
        Directory.CreateDirectory(stranger);
        string left = await LeaveAsync(Path.Combine(folder, "left"), hours: 7);
        string young = await LeaveAsync(Path.Combine(folder, "young"), hours: 5);
        string foreign = await LeaveAsync(Path.Combine(stranger, "foreign"), hours: 7);
        foreach (string file in Pds.TemporaryFiles(_alice).Except([left, young]))
        {
            File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime.AddHours(-7));
        }

        IBlobLeftovers leftovers = Pds.Get<IBlobLeftovers>();

        CollectedBlobs dry = await leftovers.SweepAsync(dryRun: true, CancellationToken.None);
        bool isThere = File.Exists(left);
        CollectedBlobs wet = await leftovers.SweepAsync(dryRun: false, CancellationToken.None);

        await _alice.CreateNoteAsync(known);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(isThere, Is.True);
            Assert.That((File.Exists(left), File.Exists(young), File.Exists(foreign)), Is.EqualTo((false, true, true)));
            Assert.That(wet, Is.EqualTo(dry));
            Assert.That(wet, Is.EqualTo(new CollectedBlobs(1, 4)));
            Assert.That((await Pds.Http.GetBlobAsync(_alice, known.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Collect_WhenTheBlobWasUploadedAgainLately_KeepsIt()
    {
        byte[] bytes = Guid.NewGuid().ToByteArray();
        await _alice.UploadAsync(bytes);
        await WaitAsync(TimeSpan.FromHours(6.1));
        JsonNode blob = await _alice.UploadAsync(bytes);

        await Pds.Get<ITemporaryBlobs>().CollectAsync(dryRun: false, CancellationToken.None);

        await _alice.CreateNoteAsync(blob);
        Assert.That((await Pds.Http.GetBlobAsync(_alice, blob.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Upload_WhenARecordMissesTheBlob_IsPermanentAtOnce()
    {
        byte[] bytes = Guid.NewGuid().ToByteArray();
        Cid cid = Cid.ForRaw(bytes);
        await LinkAsync("com.example.note/imported", cid);

        JsonNode missing = await (await _alice.GetAsync("com.atproto.repo.listMissingBlobs")).ShouldBeJsonAsync();
        await _alice.UploadAsync(bytes);
        JsonNode none = await (await _alice.GetAsync("com.atproto.repo.listMissingBlobs")).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(missing["blobs"]![0]!["cid"]!.GetValue<string>(), Is.EqualTo(cid.ToString()));
            Assert.That(missing["blobs"]![0]!["recordUri"]!.GetValue<string>(), Is.EqualTo($"at://{_alice.Did}/com.example.note/imported"));
            Assert.That(missing["cursor"]!.GetValue<string>(), Is.EqualTo(cid.ToString()));
            Assert.That(none["blobs"]!.AsArray(), Is.Empty);
            Assert.That(none["cursor"], Is.Null);
            Assert.That((await Pds.Http.GetBlobAsync(_alice, cid)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Collect_WhenARecordCameToReferToTheUpload_MakesItPermanent()
    {
        JsonNode blob = await _alice.UploadAsync();
        await LinkAsync("com.example.note/imported", blob.CidOf());
        _time.Advance(TimeSpan.FromHours(6.1));

        await Pds.Get<ITemporaryBlobs>().CollectAsync(dryRun: false, CancellationToken.None);

        Assert.That((await Pds.Http.GetBlobAsync(_alice, blob.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Upload_WhenTheQuotaIsUsedUp_IsRefusedAndLeavesNothing()
    {
        byte[] first = new byte[Quota];
        await _alice.UploadAsync(first);

        HttpResponseMessage again = await _alice.TryUploadAsync(first);
        HttpResponseMessage more = await _alice.TryUploadAsync([1]);

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await more.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobQuotaExceeded");
        Assert.That(Pds.TemporaryFiles(_alice), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task DeleteAccount_DeletesItsFilesAndRows()
    {
        JsonNode blob = await _alice.UploadAsync();
        await _alice.CreateNoteAsync(blob);
        await _alice.UploadAsync();

        await Pds.Get<IAccountStore>().DeleteAsync(_alice.Did, _ => null, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Pds.HasFile(_alice, blob.CidOf()), Is.False);
            Assert.That(Pds.TemporaryFiles(_alice), Is.Empty);
            Assert.That(await Pds.Get<IBlobIndex>().FindAsync(_alice.Did, blob.CidOf(), CancellationToken.None), Is.Null);
        }
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        services.PostConfigure<PdsOptions>(options => options.Blobs.Quota = Quota);
    });

    /// <summary>What an upload leaves when the process ends in the middle of it.</summary>
    private async Task<string> LeaveAsync(string path, double hours)
    {
        await File.WriteAllTextAsync(path, "left");
        File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime.AddHours(-hours));
        return path;
    }

    /// <summary>Lets time pass, and signs in again: sessions are shorter than that.</summary>
    private async Task WaitAsync(TimeSpan time)
    {
        _time.Advance(time);
        JsonObject input = new() { ["identifier"] = _alice.Handle.ToString(), ["password"] = PdsApplication.Password };
        JsonNode session = await (await Pds.Http.PostXrpcAsync("com.atproto.server.createSession", input)).ShouldBeJsonAsync();
        _alice.Dispose();
        _alice = new AccountClient(Pds, session);
    }

    /// <summary>A reference as an import leaves it, whether the blob is here or not.</summary>
    private Task LinkAsync(string path, Cid cid)
    {
        long accountId = Pds.Get<AccountIds>().Find(_alice.Did)!.Value;
        return Pds.Get<WriteQueue>().ChangeAsync(transaction =>
        {
            transaction.Part<BlobWriter>().Link(accountId, RecordPath.Parse(path), [new BlobRef(cid, "text/plain", 16)]);
            return true;
        });
    }
}
