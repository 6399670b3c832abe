using FluentStorage;
using FluentStorage.Storage;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Blobs;
using Pds.Application.DependencyInjection;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.FluentStorage;

namespace Pds.IntegrationTests.Blobs;

/// <summary>The contract, and what follows from moves that are no moves, over one provider of FluentStorage.</summary>
internal abstract class FluentStorageContract : BlobStoreContract
{
    private static readonly string[] Areas = ["blocks", "tmp", "quarantine"];

    private readonly CancellationToken _never = CancellationToken.None;
    private readonly Did _did = Did.Parse("did:plc:eeeeeeeeeeeeeeeeeeeeeeee");
    private IStore _objects = null!;
    private FluentStorageBlobStore _store = null!;

    protected override IBlobStore Store => _store;

    [OneTimeSetUp]
    public void Open()
    {
        _objects = OpenProvider();
        _store = new FluentStorageBlobStore(_objects);
    }

    [OneTimeTearDown]
    public void Close() => _store?.Dispose();

    [Test]
    public async Task Move_WhenInterruptedAfterTheCopy_Completes()
    {
        BlobUpload upload = await PutAsync("copied already"u8.ToArray());
        await _objects.SetBytes(Permanent(upload.Cid), "copied already"u8.ToArray());

        bool moved = await _store.MoveAsync(_did, upload.File, BlobFile.Permanent(upload.Cid), _never);

        Assert.That(moved, Is.True);
        Assert.That(await _objects.ObjectExists(Temporary(upload)), Is.False);
    }

    [Test]
    public async Task Move_WhenInterruptedDuringTheCopy_ReplacesThePart()
    {
        BlobUpload upload = await PutAsync("copied in part"u8.ToArray());
        await _objects.SetBytes(Permanent(upload.Cid), "copied"u8.ToArray());

        bool moved = await _store.MoveAsync(_did, upload.File, BlobFile.Permanent(upload.Cid), _never);

        Assert.That(moved, Is.True);
        Assert.That(await _objects.GetBytes(Permanent(upload.Cid)), Is.EqualTo("copied in part"u8.ToArray()));
    }

    [Test]
    public async Task Move_WhenTheUploadIsDamaged_RefusesToMakeItPermanent()
    {
        BlobUpload upload = await PutAsync("as it was"u8.ToArray());
        await _objects.SetBytes(Temporary(upload), "as it is"u8.ToArray());

        Assert.That(async () => await _store.MoveAsync(_did, upload.File, BlobFile.Permanent(upload.Cid), _never), Throws.TypeOf<InvalidDataException>());

        Assert.That(await _objects.ObjectExists(Permanent(upload.Cid)), Is.False);
    }

    /// <summary>A takedown must not fail because the disk did.</summary>
    [Test]
    public async Task Move_WhenAPermanentBlobIsDamaged_QuarantinesIt()
    {
        Cid cid = Cid.ForRaw("whole"u8);
        await _objects.SetBytes(Permanent(cid), "damaged"u8.ToArray());

        await _store.MoveAsync(_did, BlobFile.Permanent(cid), BlobFile.Quarantined(cid), _never);

        Assert.That(await _objects.ObjectExists(Permanent(cid)), Is.False);
        Assert.That(await _objects.GetBytes($"quarantine/{_did}/{cid}"), Is.EqualTo("damaged"u8.ToArray()));
    }

    [Test]
    public async Task Open_OfARange_EndsBehindIt()
    {
        Cid cid = Cid.ForRaw("0123456789"u8);
        await _objects.SetBytes(Permanent(cid), "0123456789"u8.ToArray());
        using var read = new MemoryStream();

        await using (Stream? range = await _store.OpenAsync(_did, cid, 3, 4, _never))
        {
            await range!.CopyToAsync(read);
        }

        Assert.That(read.ToArray(), Is.EqualTo("3456"u8.ToArray()));
    }

    [Test]
    public async Task Open_WhenTheObjectIsTooShort_Throws()
    {
        Cid cid = Cid.ForRaw("a whole blob"u8);
        await _objects.SetBytes(Permanent(cid), "a whole"u8.ToArray());

        Assert.That(async () => await _store.OpenAsync(_did, cid, 0, 12, _never), Throws.TypeOf<InvalidDataException>());
    }

    protected abstract IStore OpenProvider();

    protected override async Task<int> CountFilesAsync(Did did)
    {
        int count = 0;
        foreach (string area in Areas)
        {
            count += (await _objects.ListDirectory($"{area}/{did}", recurse: true, _never)).Count(item => item.IsFile);
        }

        return count;
    }

    private Task<BlobUpload> PutAsync(byte[] bytes) => _store.PutAsync(_did, new MemoryStream(bytes), _never);

    private string Permanent(Cid cid) => $"blocks/{_did}/{cid}";

    private string Temporary(BlobUpload upload) => $"tmp/{_did}/{upload.Key}";
}

internal sealed class FluentStorageDiskTests : FluentStorageContract
{
    private string _folder = null!;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Server_WithUseFluentStorage_KeepsBlobsThere()
    {
        string folder = Path.Combine(_folder, "server");
        await using PdsApplication pds = await PdsApplication.StartAsync(
            services: services => new PdsBuilder(services).UseFluentStorage(_ => StorageFactory.Disk(folder)));
        using AccountClient alice = await pds.CreateAccountAsync();
        System.Text.Json.Nodes.JsonNode blob = await alice.UploadAsync("kept elsewhere"u8.ToArray());
        await alice.CreateNoteAsync(blob);

        HttpResponseMessage part = await pds.Http.GetBlobAsync(alice, blob.CidOf(), request => request.Headers.Range = new(5, 8));

        Assert.That(await part.Content.ReadAsStringAsync(), Is.EqualTo("else"));
        Assert.That(File.Exists(Path.Combine(folder, "blocks", alice.Did.ToString(), blob.CidOf().ToString())), Is.True);
    }

    protected override IStore OpenProvider()
    {
        _folder = Directory.CreateTempSubdirectory("pds-fluent-").FullName;
        return StorageFactory.Disk(_folder);
    }
}

internal sealed class FluentStorageMemoryTests : FluentStorageContract
{
    protected override IStore OpenProvider() => StorageFactory.InMemory();
}

internal sealed class RangeStreamTests
{
    [Test]
    public async Task Skip_WhenTheStreamCannotSeek_ReadsForward()
    {
        using var source = new ForwardStream("0123456789"u8.ToArray());
        await RangeStream.SkipAsync(source, 6, CancellationToken.None);
        await using var range = new RangeStream(source, 3);
        using var read = new MemoryStream();

        await range.CopyToAsync(read);

        Assert.That(read.ToArray(), Is.EqualTo("678"u8.ToArray()));
    }

    [Test]
    public void Skip_BeyondTheEnd_Throws()
    {
        using var source = new ForwardStream([1, 2, 3]);

        Assert.That(async () => await RangeStream.SkipAsync(source, 4, CancellationToken.None), Throws.TypeOf<InvalidDataException>());
    }

    private sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
