using System.IO.Pipelines;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Repositories;

internal sealed class ArchiveWriterTests
{
    private static readonly FakeSigner Signer = Given.Signer();
    private static readonly Tid Rev = Tid.Parse("3jzfcijpj2z2a");

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(700)]
    public async Task Write_FromRecordsInAnyOrder_IsARepositoryThatVerifies(int count)
    {
        Dictionary<RecordPath, DataMap> records = Enumerable.Range(0, count).ToDictionary(i => Given.Path($"k{i}", i % 3 == 0 ? "app.bsky.feed.like" : "com.example.Mixed"), i => Given.Post($"{i % 500}"));

        (Commit commit, byte[] car) = await WriteAsync(records);
        RepositoryArchive archive = RepositoryArchive.Open(car);

        Assert.Multiple(() =>
        {
            Assert.That(archive.Verify(Given.Did(), Signer.PublicKey, Signer), Is.EqualTo(count));
            Assert.That((archive.Commit.Cid, archive.Commit.Rev), Is.EqualTo((commit.Cid, Rev)));
            Assert.That(archive.ReadRecords().ToDictionary(record => record.Path, record => record.Decode()), Is.EqualTo(records));
        });
    }

    [Test]
    public async Task Write_WhateverTheTree_HasEachBlockBeforeItIsNeededNoMore()
    {
        Dictionary<RecordPath, DataMap> records = Enumerable.Range(0, 300).ToDictionary(i => Given.Path($"k{i}"), i => Given.Post($"{i}"));

        (Commit commit, byte[] car) = await WriteAsync(records);
        List<Cid> order = [.. (await ReadAsync(car)).Select(block => block.Cid)];
        MstTree tree = MstTree.Build(records.OrderBy(record => record.Key).Select(record => new MstEntry(record.Key.ToString(), record.Value.Cid)), Rev);
        IEnumerable<Cid> expected = tree.WalkPreOrder().Select(step => step.Node?.Cid ?? step.Entry!.Value.Value);

        Assert.That(order, Is.EqualTo(expected.Prepend(commit.Cid)));
    }

    [Test]
    public async Task Write_OfASignedHead_IsTheSameArchive()
    {
        var history = new History(seed: 3, keys: 80);
        for (int i = 0; i < 30; i++)
        {
            history.Step(maxWrites: 10);
        }

        Repository repository = history.Repository;
        using var output = new MemoryStream();
        await ArchiveWriter.WriteAsync(
            PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true)),
            repository.Head!,
            repository.Tree,
            history.Records.Select(record => new Block(record.Value, history.Contents[record.Value].Cbor)),
            CancellationToken.None);

        RepositoryArchive archive = RepositoryArchive.Open(output.ToArray());
        Assert.That(archive.Commit.Cid, Is.EqualTo(repository.Head!.Cid));
        Assert.That(archive.ReadRecords().Select(record => (record.Path.ToString(), record.Cid)), Is.EqualTo(history.Records.Select(record => (record.Key, record.Value))));
    }

    [Test]
    public void Blocks_WhenTreeOrRecordsAreOthers_Throws()
    {
        Repository repository = Given.Repository(Given.Path("a"), Given.Path("b"));
        DataMap a = Given.Post(Given.Path("a").ToString());

        Assert.That(() => ArchiveWriter.Blocks(repository.Head!, MstTree.Empty, []), Throws.ArgumentException);
        Assert.That(() => ArchiveWriter.Blocks(repository.Head!, repository.Tree, []).ToList(), Throws.InvalidOperationException);
        Assert.That(() => ArchiveWriter.Blocks(repository.Head!, repository.Tree, [new(a.Cid, a.Cbor), new(a.Cid, a.Cbor)]).ToList(), Throws.InvalidOperationException);
    }

    [Test]
    public void Write_WhenAPathIsGivenTwice_Throws()
    {
        KeyValuePair<RecordPath, DataMap> record = new(Given.Path("a"), Given.Post());

        Assert.That(() => WriteAsync([record, record]), Throws.ArgumentException);
    }

    [Test]
    public async Task Write_WhenTheReaderIsGone_IsCancelled()
    {
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();

        Assert.That(
            () => ArchiveWriter.WriteAsync(pipe.Writer, Given.Did(), [], Rev, Signer, CancellationToken.None),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<(Commit Commit, byte[] Car)> WriteAsync(IEnumerable<KeyValuePair<RecordPath, DataMap>> records)
    {
        using var output = new MemoryStream();
        Commit commit = await ArchiveWriter.WriteAsync(output, Given.Did(), records, Rev, Signer, CancellationToken.None);
        return (commit, output.ToArray());
    }

    private static async Task<List<Block>> ReadAsync(byte[] car)
    {
        CarReader reader = await CarReader.OpenAsync(PipeReader.Create(new MemoryStream(car)), new CarLimits(), CancellationToken.None);
        return await reader.ReadBlocksAsync(CancellationToken.None).ToListAsync();
    }
}
