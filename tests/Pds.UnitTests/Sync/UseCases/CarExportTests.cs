using System.IO.Pipelines;
using Pds.Application.Accounts;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Application.Sync;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Sync.UseCases;

internal sealed class CarExportTests
{
    [Test]
    public async Task Write_WhenTheReaderIsSlow_WaitsForIt()
    {
        await using CarExport export = await ExportAsync(new FakeSnapshot(records: 40, bytes: 70_000));
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 128 * 1024, resumeWriterThreshold: 64 * 1024));

        Task writing = WriteAsync();
        ReadResult read = await pipe.Reader.ReadAsync();
        bool waited = !writing.IsCompleted;
        long total = read.Buffer.Length;
        while (!read.IsCompleted)
        {
            pipe.Reader.AdvanceTo(read.Buffer.End);
            read = await pipe.Reader.ReadAsync();
            total += read.Buffer.Length;
        }

        await writing;
        Assert.That(waited, Is.True);
        Assert.That(total, Is.GreaterThan(40 * 70_000));

        async Task WriteAsync()
        {
            await export.WriteToAsync(pipe.Writer, CancellationToken.None);
            await pipe.Writer.CompleteAsync();
        }
    }

    [Test]
    public async Task Write_WhenTheReaderGoesAway_Stops()
    {
        await using CarExport export = await ExportAsync(new FakeSnapshot(records: 10, bytes: 70_000));
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();

        Assert.ThrowsAsync<OperationCanceledException>(() => export.WriteToAsync(pipe.Writer, CancellationToken.None));
    }

    // Pitfall M 210.
    [Test]
    public async Task Write_WhenTheViewHasBeenOpenTooLong_Stops()
    {
        using var age = new CancellationTokenSource();
        await using CarExport export = await ExportAsync(new FakeSnapshot(records: 40, bytes: 70_000) { Expired = age.Token });
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 128 * 1024, resumeWriterThreshold: 64 * 1024));

        Task writing = export.WriteToAsync(pipe.Writer, CancellationToken.None);
        bool waited = !writing.IsCompleted;
        await age.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => writing);
        Assert.That((waited, export.IsExpired), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task WriteProof_WhenTheReaderIsSlow_HoldsNoView()
    {
        var snapshot = new FakeSnapshot(records: 1, bytes: 200_000);
        await using CarExport export = await new GetRecordProofHandler(new OneAccount(), new OneSnapshot(snapshot))
            .Handle(new GetRecordProofQuery(Given.Did(), Given.Path("k0"), Caller.Anonymous.Instance), CancellationToken.None);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));

        Task writing = export.WriteToAsync(pipe.Writer, CancellationToken.None);
        (bool waits, bool isClosed) = (!writing.IsCompleted, snapshot.IsClosed);
        await pipe.Reader.CompleteAsync();

        Assert.CatchAsync<OperationCanceledException>(() => writing);
        Assert.That((waits, isClosed), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Write_WhenTreeAndIndexDiffer_Fails()
    {
        await using CarExport export = await ExportAsync(new FakeSnapshot(records: 10, bytes: 70_000) { Hides = 1 });

        Assert.ThrowsAsync<InvalidOperationException>(() => export.WriteToAsync(PipeWriter.Create(Stream.Null), CancellationToken.None));
    }

    [Test]
    public async Task Dispose_ClosesTheSnapshot()
    {
        var snapshot = new FakeSnapshot(records: 1, bytes: 70_000);

        await using (await ExportAsync(snapshot))
        {
        }

        Assert.That(snapshot.IsClosed, Is.True);
    }

    private static Task<CarExport> ExportAsync(FakeSnapshot snapshot) =>
        new GetRepoHandler(new OneAccount(), new OneSnapshot(snapshot))
            .Handle(new GetRepoQuery(Given.Did(), Since: null, Caller.Anonymous.Instance), CancellationToken.None);

    private sealed class FakeSnapshot : IRepositorySnapshot
    {
        private readonly SortedDictionary<string, DataMap> _records = new(StringComparer.Ordinal);

        public FakeSnapshot(int records, int bytes)
        {
            var writes = new List<RecordWrite>();
            Repository repository = Given.NewRepository();
            for (int i = 0; i < records; i++)
            {
                RecordWrite write = RecordWrite.Create(Given.Path($"k{i}"), Given.PostOfSize(bytes, (char)('a' + (i % 26))));
                _records.Add(write.Path.ToString(), write.Record!);
                repository = repository.Advance(repository.Apply([write]));
            }

            (Head, Tree) = (repository.Head!, repository.Tree);
        }

        public int Hides { get; init; }

        public bool IsClosed { get; private set; }

        public CancellationToken Expired { get; init; }

        public Commit Head { get; }

        public MstTree Tree { get; }

        public ReadOnlyMemory<byte>? FindRecord(RecordPath path) => _records.TryGetValue(path.ToString(), out DataMap? record) ? record.Cbor : null;

        public SnapshotRecord? FindVersion(string path) => throw new NotSupportedException();

        public IEnumerable<SnapshotRecord> ReadRecords(Tid? since = null) => throw new NotSupportedException();

        public IEnumerable<Block> ReadRecordBlocks() => _records.Values.Skip(Hides).Select(record => new Block(record.Cid, record.Cbor));

        public ReadOnlyMemory<byte>? FindBlock(Cid cid) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OneSnapshot(IRepositorySnapshot snapshot) : IRepositoryStore
    {
        public Task<IRepositorySnapshot?> OpenSnapshotAsync(Did did, CancellationToken cancellationToken) => Task.FromResult<IRepositorySnapshot?>(snapshot);

        public ValueTask<Commit?> FindHeadAsync(Did did, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<RepositoryChange?> WriteAsync(
            Did did, Func<Repository, CancellationToken, ValueTask<RepositoryChange?>> build, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class OneAccount : IAccountStore
    {
        public ValueTask<Account?> FindAsync(AtIdentifier identifier, CancellationToken cancellationToken) =>
            new(new Account { Did = Given.Did(), Handle = null, CreatedAt = DateTimeOffset.UnixEpoch });

        public ValueTask<Account?> FindByEmailAsync(string email, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CreateAsync(NewAccount account, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Account?> UpdateAsync(Did did, Func<Account, AccountChange> change, AuditNote? audit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(Did did, Func<Account, EmailToken?> judge, AuditNote? audit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<HostedRepo>> ListAsync(int limit, (DateTimeOffset CreatedAt, Did Did)? after, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
