using System.Security.Cryptography;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Blobs;

/// <summary>What every blob store keeps to.</summary>
internal abstract class BlobStoreContract
{
    private static int _accounts;

    private readonly CancellationToken _never = CancellationToken.None;
    private Did _did;

    protected abstract IBlobStore Store { get; }

    [SetUp]
    public void ChooseAccount() => _did = Did.Parse($"did:web:user{Interlocked.Increment(ref _accounts)}.example.com%3A8080");

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(MediaTypes.PrefixBytes + 1)]
    [TestCase(131_072)]
    [TestCase(5 * 1024 * 1024)]
    [TestCase((11 * 1024 * 1024) + 1)]
    public async Task Put_GivesCidSizeAndBeginning(int length)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(length);

        BlobUpload upload = await PutAsync(bytes);
        bool moved = await Store.MoveAsync(_did, upload.File, BlobFile.Permanent(upload.Cid), _never);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(upload.Cid, Is.EqualTo(Cid.ForRaw(bytes)));
            Assert.That(upload.Size, Is.EqualTo(length));
            Assert.That(upload.Prefix.ToArray(), Is.EqualTo(bytes[..Math.Min(length, MediaTypes.PrefixBytes)]));
            Assert.That(moved, Is.True);
            Assert.That(await ReadAsync(upload.Cid, 0, length) is { } read && read.AsSpan().SequenceEqual(bytes), Is.True);
        }
    }

    [Test]
    public async Task Put_WhenTheStreamFails_LeavesNothing()
    {
        using var failing = new FailingStream(6 * 1024 * 1024);

        Assert.That(async () => await Store.PutAsync(_did, failing, _never), Throws.TypeOf<IOException>());

        Assert.That(await CountFilesAsync(_did), Is.Zero);
    }

    [Test]
    public async Task Open_WhenOnlyTemporary_IsNull()
    {
        BlobUpload upload = await PutAsync([1, 2, 3]);

        Assert.That(await ReadAsync(upload.Cid, 0, 3), Is.Null);
    }

    [Test]
    public async Task Open_FromAnOffset_StartsThere()
    {
        Cid cid = await PutPermanentAsync("0123456789"u8.ToArray());

        Assert.That(await ReadAsync(cid, 3, 4), Is.EqualTo("3456"u8.ToArray()));
    }

    [Test]
    public async Task Move_WhenDoneAlready_IsTrue()
    {
        BlobUpload upload = await PutAsync([1]);
        await Store.MoveAsync(_did, upload.File, BlobFile.Permanent(upload.Cid), _never);

        Assert.That(await Store.MoveAsync(_did, upload.File, BlobFile.Permanent(upload.Cid), _never), Is.True);
    }

    [Test]
    public async Task Move_WhenNeitherIsThere_IsFalse() =>
        Assert.That(await Store.MoveAsync(_did, BlobFile.Temporary("nokey"), BlobFile.Permanent(Cid.ForRaw([9])), _never), Is.False);

    [Test]
    public async Task Move_WhenTheTargetIsThere_ReplacesIt()
    {
        Cid cid = await PutPermanentAsync([5]);
        BlobUpload again = await PutAsync([5]);

        Assert.That(await Store.MoveAsync(_did, again.File, BlobFile.Permanent(cid), _never), Is.True);
        Assert.That(await ReadAsync(cid, 0, 1), Is.EqualTo(new byte[] { 5 }));
        Assert.That(await CountFilesAsync(_did), Is.EqualTo(1));
    }

    [Test]
    public async Task Move_ToQuarantineAndBack_HidesAndShows()
    {
        Cid cid = await PutPermanentAsync([6]);

        await Store.MoveAsync(_did, BlobFile.Permanent(cid), BlobFile.Quarantined(cid), _never);
        byte[]? hidden = await ReadAsync(cid, 0, 1);
        await Store.MoveAsync(_did, BlobFile.Quarantined(cid), BlobFile.Permanent(cid), _never);

        Assert.That(hidden, Is.Null);
        Assert.That(await ReadAsync(cid, 0, 1), Is.EqualTo(new byte[] { 6 }));
    }

    [Test]
    public async Task Delete_DeletesThatFileOnly()
    {
        Cid first = await PutPermanentAsync([1]);
        Cid second = await PutPermanentAsync([2]);

        await Store.DeleteAsync(_did, BlobFile.Permanent(first), _never);
        await Store.DeleteAsync(_did, BlobFile.Permanent(first), _never);

        Assert.That(await ReadAsync(first, 0, 1), Is.Null);
        Assert.That(await ReadAsync(second, 0, 1), Is.Not.Null);
    }

    [Test]
    public async Task DeleteAll_DeletesEveryAreaOfThatAccountOnly()
    {
        Did other = Did.Parse($"{_did}0");
        BlobUpload kept = await Store.PutAsync(other, new MemoryStream([1]), _never);
        await PutAsync([1]);
        await PutPermanentAsync([2]);
        Cid down = await PutPermanentAsync([3]);
        await Store.MoveAsync(_did, BlobFile.Permanent(down), BlobFile.Quarantined(down), _never);

        await Store.DeleteAllAsync(_did, _never);
        await Store.DeleteAllAsync(_did, _never);

        Assert.That(await CountFilesAsync(_did), Is.Zero);
        Assert.That(await Store.MoveAsync(other, kept.File, BlobFile.Permanent(kept.Cid), _never), Is.True);
    }

    [Test]
    public async Task ListTemporary_ListsUploadsThatAreOldEnough()
    {
        BlobUpload first = await PutAsync([1, 2, 3]);
        BlobUpload second = await PutAsync([4]);
        await PutPermanentAsync([5]);
        DateTimeOffset now = DateTimeOffset.UtcNow;

        StoredUpload[] all = await ListTemporaryAsync(now.AddHours(1));
        StoredUpload[] old = await ListTemporaryAsync(now.AddHours(-1));

        Assert.That(all, Is.EquivalentTo([new StoredUpload(_did, first.Key, 3), new StoredUpload(_did, second.Key, 1)]));
        Assert.That(old, Is.Empty);
    }

    /// <summary>How many files an account has, in all areas.</summary>
    protected abstract Task<int> CountFilesAsync(Did did);

    private Task<BlobUpload> PutAsync(byte[] bytes) => Store.PutAsync(_did, new MemoryStream(bytes), _never);

    private Task<StoredUpload[]> ListTemporaryAsync(DateTimeOffset before) =>
        Store.ListTemporaryAsync(before, _never).Where(file => file.Did == _did).ToArrayAsync().AsTask();

    private async Task<Cid> PutPermanentAsync(byte[] bytes)
    {
        BlobUpload upload = await PutAsync(bytes);
        await Store.MoveAsync(_did, upload.File, BlobFile.Permanent(upload.Cid), _never);
        return upload.Cid;
    }

    private async Task<byte[]?> ReadAsync(Cid cid, long offset, int length)
    {
        await using Stream? stream = await Store.OpenAsync(_did, cid, offset, length, _never);
        if (stream is null)
        {
            return null;
        }

        byte[] bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private sealed class FailingStream(int length) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await base.ReadAsync(buffer, cancellationToken);
            return count > 0 ? count : throw new IOException("The client went away.");
        }
    }
}
