using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Blobs;

namespace Pds.IntegrationTests.Blobs;

internal sealed class FileBlobStoreTests : BlobStoreContract
{
    private string _folder = null!;
    private FileBlobStore _store = null!;

    protected override IBlobStore Store => _store;

    [OneTimeSetUp]
    public void CreateFolder()
    {
        _folder = Directory.CreateTempSubdirectory("pds-blobs-").FullName;
        _store = new FileBlobStore(_folder, Path.Combine(_folder, "tempt"));
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    // Pitfall H 157.
    [Test]
    public async Task Files_LieWhereTheOfficialServerPutsThem()
    {
        Did did = Did.Parse("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa");
        Cid cid = Cid.ForRaw([1]);

        BlobUpload upload = await _store.PutAsync(did, new MemoryStream([1]), CancellationToken.None);
        bool isTemporary = File.Exists(Path.Combine(_folder, "tempt", did.ToString(), upload.Key));
        await _store.MoveAsync(did, upload.File, BlobFile.Permanent(cid), CancellationToken.None);
        bool isPermanent = File.Exists(Path.Combine(_folder, did.ToString(), cid.ToString()));
        await _store.MoveAsync(did, BlobFile.Permanent(cid), BlobFile.Quarantined(cid), CancellationToken.None);
        bool isQuarantined = File.Exists(Path.Combine(_folder, "quarantine", did.ToString(), cid.ToString()));

        Assert.That((isTemporary, isPermanent, isQuarantined), Is.EqualTo((true, true, true)));
    }

    [Test]
    public async Task Move_WhenTheFileChangedOnDisk_RefusesToMakeItPermanent()
    {
        Did did = Did.Parse("did:plc:bbbbbbbbbbbbbbbbbbbbbbbb");
        BlobUpload upload = await _store.PutAsync(did, new MemoryStream([1, 2, 3]), CancellationToken.None);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "tempt", did.ToString(), upload.Key), [1, 2]);

        Assert.That(
            async () => await _store.MoveAsync(did, upload.File, BlobFile.Permanent(upload.Cid), CancellationToken.None),
            Throws.TypeOf<InvalidDataException>());
    }

    protected override Task<int> CountFilesAsync(Did did) => Task.FromResult(
        Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Count(file => Path.GetFileName(Path.GetDirectoryName(file)) == did.ToString()));
}
