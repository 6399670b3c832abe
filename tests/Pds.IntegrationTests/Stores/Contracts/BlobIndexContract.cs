using System.Text;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class BlobIndexContract : StoreContract
{
    private const int Quota = 10_000;
    private const string Text = "text/plain";

    private readonly CancellationToken _never = CancellationToken.None;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["PDS_BLOB_QUOTA"] = $"{Quota}" };

    private IBlobIndex Blobs => Store<IBlobIndex>(1);

    [Test]
    public Task Add_WhenBothFillTheQuota_OneWins() => OneWinsAsync(BlobErrors.QuotaExceeded, async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        BlobUpload[] uploads = [await PutAsync(0, did, Content(Quota - 100)), await PutAsync(1, did, Content(Quota - 100))];
        return writer => Store<IBlobIndex>(writer).AddAsync(did, uploads[writer], Text, _never);
    });

    [Test]
    public Task Add_WhenBothUploadOneBlob_IsOneBlob() => RepeatAsync(async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        byte[] content = Content(100);

        XrpcError?[] outcomes = await RaceAsync(async writer => await AddAsync(writer, did, content));
        await ReferAsync(0, did, "a", content);

        Assert.That(outcomes, Is.All.Null);
        Assert.That(await FindAsync(did, content), Is.EqualTo(new BlobEntry(Cid.ForRaw(content), Text, 100, TempKey: null, TakedownRef: null)));
        Assert.That(await Blobs.CountAsync(did, _never), Is.EqualTo(new BlobCounts(1, 1)));
        await RequireServedAsync(did, content);
    });

    [Test]
    public Task Add_WhileARecordRefersToTheBlob_KeepsItServed() => RepeatAsync(async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        byte[] content = Content(100);
        await AddAsync(0, did, content);

        XrpcError?[] outcomes = await RaceAsync(writer => writer == 0 ? AddAsync(0, did, content) : ReferAsync(1, did, "a", content));

        Assert.That(outcomes, Is.All.Null);
        Assert.That((await FindAsync(did, content))?.IsServed, Is.True);
        await RequireServedAsync(did, content);
    });

    [Test]
    public async Task Add_WhenTheBlobIsThere_KeepsItsMediaType()
    {
        Did did = (await CreateAccountAsync()).Did;
        byte[] content = Content(100);
        await AddAsync(0, did, content);

        await Store<IBlobIndex>(1).AddAsync(did, await PutAsync(1, did, content), "image/png", _never);

        Assert.That((await FindAsync(did, content))?.MimeType, Is.EqualTo(Text));
    }

    [Test]
    public async Task Add_WhenTheBlobIsTakenDown_IsRefused()
    {
        Did did = (await CreateAccountAsync()).Did;
        byte[] content = Content(100);
        await AddAsync(0, did, content);
        await ReferAsync(0, did, "a", content);
        bool taken = await Store<IBlobTakedowns>().SetAsync(did, Cid.ForRaw(content), "note", audit: null, _never);
        bool unknown = await Store<IBlobTakedowns>().SetAsync(did, Cid.ForRaw("nothing"u8), "note", audit: null, _never);

        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => AddAsync(1, did, content))!;

        Assert.That((taken, unknown, refusal.Error), Is.EqualTo((true, false, RequestErrors.InvalidRequest)));
        Assert.That((await FindAsync(did, content))?.TakedownRef, Is.EqualTo("note"));
    }

    [Test]
    public async Task Write_WhenTheBlobIsNotThere_IsRefused()
    {
        Did did = (await CreateAccountAsync()).Did;
        Did other = (await CreateAccountAsync()).Did;
        byte[] content = Content(100);
        await AddAsync(0, other, content);

        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => ReferAsync(0, did, "a", content))!;

        Assert.That(refusal.Error, Is.EqualTo(BlobErrors.BlobNotFound));
        Assert.That(await FindAsync(did, content), Is.Null);
    }

    [Test]
    public async Task ListReferenced_PageByPage_IsInBytewiseOrder()
    {
        Did did = (await CreateAccountAsync()).Did;
        List<Cid> expected = [];
        Tid? since = null;
        for (int i = 0; i < 7; i++)
        {
            byte[] content = Content(50);
            await AddAsync(i % 2, did, content);
            RepositoryChange change = (await ReferAsync(i % 2, did, $"k{i}", content))!;
            since = i == 3 ? change.Commit.Rev : since;
            expected.Add(Cid.ForRaw(content));
        }

        List<Cid> paged = [];
        for (IReadOnlyList<Cid> page = await Blobs.ListReferencedAsync(did, null, null, 3, _never); page.Count > 0; page = await Blobs.ListReferencedAsync(did, null, paged[^1], 3, _never))
        {
            paged.AddRange(page);
        }

        Assert.That(paged, Is.EqualTo(expected.Order()));
        Assert.That(await Blobs.ListReferencedAsync(did, since, null, 100, _never), Is.EqualTo(expected.Skip(4).Order()));
        Assert.That(await Blobs.ListMissingAsync(did, null, 100, _never), Is.Empty);
        Assert.That(await Blobs.CountAsync(did, _never), Is.EqualTo(new BlobCounts(7, 7)));
    }

    private static byte[] Content(int length) => Encoding.UTF8.GetBytes(NewName().PadRight(length, '.'));

    private Task<BlobUpload> PutAsync(int writer, Did did, byte[] content) => Store<IBlobStore>(writer).PutAsync(did, new MemoryStream(content), _never);

    private async Task AddAsync(int writer, Did did, byte[] content) =>
        await Store<IBlobIndex>(writer).AddAsync(did, await PutAsync(writer, did, content), Text, _never);

    private ValueTask<BlobEntry?> FindAsync(Did did, byte[] content) => Blobs.FindAsync(did, Cid.ForRaw(content), _never);

    private Task<RepositoryChange?> ReferAsync(int writer, Did did, string key, byte[] content) => WriteAsync(writer, did, RecordWrite.Create(PathOf(key), DataMap.FromJson(Encoding.UTF8.GetBytes(
        $$$"""{"$type":"com.example.thing","file":{"$type":"blob","ref":{"$link":"{{{Cid.ForRaw(content)}}}"},"mimeType":"text/plain","size":{{{content.Length}}}}}"""))));

    private async Task RequireServedAsync(Did did, byte[] content)
    {
        await using Stream? file = await Store<IBlobStore>(1).OpenAsync(did, Cid.ForRaw(content), 0, content.Length, _never);
        byte[] read = new byte[content.Length];
        Assert.That(file, Is.Not.Null);
        await file!.ReadExactlyAsync(read);
        Assert.That(read, Is.EqualTo(content));
    }
}
