using System.Text;
using Pds.Application.Blobs;
using Pds.Application.Repositories;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.IntegrationTests.Blobs;

/// <summary>Writers, deleters, uploaders and the collector at once, on few blobs: a blob that a record refers to must never lose its file.</summary>
internal sealed class BlobRaceTests : PdsTest
{
    private const int Workers = 6;
    private const int Blobs = 3;

    /// <summary>How often each worker goes round.</summary>
    private const int Rounds = 60;

    private readonly ManualTime _time = new();
    private Did _did;
    private readonly SemaphoreSlim _uploaded = new(0);
    private int _keys;
    private int _uploads;

    private static readonly byte[][] Contents = [.. Enumerable.Range(0, Blobs).Select(i => Encoding.UTF8.GetBytes($"contended {i}"))];

    [OneTimeTearDown]
    public void ReleaseSignal() => _uploaded.Dispose();

    [Test]
    public async Task ReferencedBlobs_WhateverHappensAtOnce_KeepTheirFiles()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        _did = alice.Did;
        using var stop = new CancellationTokenSource();
        Task<int> collecting = CollectAsync(stop.Token);

        int[] kept = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker))));
        await stop.CancelAsync();
        int collected = await collecting;

        IReadOnlyList<Cid> referenced = await Pds.Get<IBlobIndex>().ListReferencedAsync(_did, null, null, 1000, CancellationToken.None);
        TestContext.Out.WriteLine($"{kept.Sum()} records written, {collected} uploads collected, {referenced.Count} blobs referred to in the end");
        foreach (Cid cid in referenced)
        {
            await RequireServedAsync(cid);
        }

        Assert.That(kept, Is.All.Positive);
        foreach (Cid cid in Contents.Select(bytes => Cid.ForRaw(bytes)).Except(referenced))
        {
            await BlobRequests.EventuallyAsync(() => IsGone(cid));
        }
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(_time);

    private bool IsGone(Cid cid)
    {
        using Stream? file = Pds.Get<IBlobStore>().OpenAsync(_did, cid, 0, 0, CancellationToken.None).GetAwaiter().GetResult();
        return file is null;
    }

    /// <summary>Uploads and refers, looks whether the blob is served while its own record refers to it, then deletes the record (the last one stays).</summary>
    private async Task<int> WorkAsync(int worker)
    {
        var random = new Random(worker);
        int written = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] bytes = Contents[random.Next(Blobs)];
            bool isLast = round == Rounds - 1;
            if (isLast || random.Next(3) > 0)
            {
                await UploadAsync(bytes);
            }

            var path = RecordPath.Parse($"com.example.note/k{Interlocked.Increment(ref _keys)}");
            if (!await TryWriteAsync(RecordWrite.Create(path, Note(bytes))))
            {
                round -= isLast ? 1 : 0;    // the collector was first: once more, so that every worker leaves a record
                continue;
            }

            written++;
            await RequireServedAsync(Cid.ForRaw(bytes));
            if (!isLast)
            {
                Assert.That(await TryWriteAsync(RecordWrite.Delete(path)), Is.True);
            }
        }

        return written;
    }

    private async Task UploadAsync(byte[] bytes)
    {
        BlobUpload upload = await Pds.Get<IBlobStore>().PutAsync(_did, new MemoryStream(bytes), CancellationToken.None);
        await Pds.Get<IBlobIndex>().AddAsync(_did, upload, "text/plain", CancellationToken.None);
        if (Interlocked.Increment(ref _uploads) % 4 == 0)
        {
            _uploaded.Release();    // otherwise the collector is always first
        }
    }

    /// <summary>A blob that is not here just now is refused, which is right.</summary>
    private async Task<bool> TryWriteAsync(RecordWrite write)
    {
        try
        {
            await Pds.Get<IRepositoryStore>().WriteAsync(_did, (repository, _) => new(repository.Apply([write])), CancellationToken.None);
            return true;
        }
        catch (XrpcException refusal) when (refusal.Error == BlobErrors.BlobNotFound)
        {
            return false;
        }
        catch (ConcurrentWriteException)
        {
            return false;
        }
    }

    private async Task RequireServedAsync(Cid cid)
    {
        BlobEntry? entry = await Pds.Get<IBlobIndex>().FindAsync(_did, cid, CancellationToken.None);
        Assert.That(entry, Is.Not.Null.And.Property(nameof(BlobEntry.IsServed)).True);
        await using Stream? file = await Pds.Get<IBlobStore>().OpenAsync(_did, cid, 0, entry!.Size, CancellationToken.None);
        Assert.That(file, Is.Not.Null, $"the file of {cid} is gone");
        byte[] bytes = new byte[entry.Size];
        await file!.ReadExactlyAsync(bytes);
        Assert.That(Cid.ForRaw(bytes), Is.EqualTo(cid));
    }

    private async Task<int> CollectAsync(CancellationToken stop)
    {
        int count = 0;
        while (!stop.IsCancellationRequested)
        {
            await _uploaded.WaitAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            _time.Advance(TimeSpan.FromHours(7));
            count += (await Pds.Get<ITemporaryBlobs>().CollectAsync(dryRun: false, CancellationToken.None)).Count;
        }

        return count;
    }

    private static DataMap Note(byte[] bytes) => DataMap.FromJson(Encoding.UTF8.GetBytes(
        $$$"""
        {"$type":"com.example.note","file":{"$type":"blob","ref":{"$link":"{{{Cid.ForRaw(bytes)}}}"},"mimeType":"text/plain","size":{{{bytes.Length}}} }}
        """));
}
