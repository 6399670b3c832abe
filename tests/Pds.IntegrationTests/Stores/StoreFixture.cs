using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Pds.Application.Crypto;
using Pds.Application.Repositories;
using Pds.Application.Sync;
using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.Infrastructure.Sync;

namespace Pds.IntegrationTests.Stores;

/// <summary>The write path over a database file of its own, without a server around it.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ISigner _signer;
    private readonly ReadPool _readers;
    private readonly AccountIds _accounts;
    private readonly RepositoryLanes _lanes;
    private readonly BlobLocks _blobLocks = new();
    private readonly BlobFiles _blobFiles;

    private StoreFixture(string folder, ISigner signer, CheckpointPolicy policy, TimeProvider time, TimeSpan? maxSnapshotAge = null)
    {
        _folder = folder;
        _signer = signer;
        Clock = new TidClock(time, clockId: 3);
        Database = new SqliteDatabase($"Data Source={Path.Combine(folder, "pds.sqlite")}", SqliteDurability.ProcessCrash);
        _readers = new ReadPool(Database.Open);
        _accounts = new AccountIds(_readers);
        Events = new EventLog(_readers);
        Disk = new FullDisk(time, NullLogger<FullDisk>.Instance);
        Queue = new WriteQueue(() => OpenTransaction(time), new EventPublisher(Events, new NoCrawlers()).Follower, Disk, NullLogger<WriteQueue>.Instance);
        _blobFiles = new BlobFiles(new FileBlobStore(folder, Path.Combine(folder, "tempt")), _readers, _blobLocks, time, NullLogger<BlobFiles>.Instance);
        _lanes = new RepositoryLanes(_accounts, new LaneContext(_readers, Queue, new OneKey(signer), Clock, time, policy) { Blobs = _blobFiles, MaxSnapshotAge = maxSnapshotAge ?? Timeout.InfiniteTimeSpan });
        Store = new RepositoryStore(_lanes, NullLogger<RepositoryStore>.Instance);
        Records = new RecordStore(_readers, _accounts);
    }

    public SqliteDatabase Database { get; }

    public TidClock Clock { get; }

    public EventLog Events { get; }

    public WriteQueue Queue { get; }

    public FullDisk Disk { get; }

    /// <summary>What happens to a connection before it writes; another one is opened after a transaction that failed.</summary>
    public Action<WriteTransaction> OnOpen { get; set; } = static _ => { };

    public IRepositoryStore Store { get; }

    public IRecordStore Records { get; }

    public static async Task<StoreFixture> StartAsync(CheckpointPolicy? policy = null, TimeProvider? time = null, TimeSpan? maxSnapshotAge = null)
    {
        string folder = Directory.CreateTempSubdirectory("pds-store-").FullName;
        var keys = new KeyFactory(new ManagedSecp256k1());
        var fixture = new StoreFixture(
            folder, keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1)), policy ?? new CheckpointPolicy(), time ?? TimeProvider.System, maxSnapshotAge);
        await using (PdsDbContext context = fixture.OpenContext())
        {
            await context.Database.EnsureCreatedAsync();
        }

        await fixture.Queue.StartAsync(CancellationToken.None);
        return fixture;
    }

    /// <summary>The same files, as a process finds them that starts after this one was killed.</summary>
    public async Task<StoreFixture> ReopenAsync(CheckpointPolicy? policy = null)
    {
        var reopened = new StoreFixture(_folder, _signer, policy ?? new CheckpointPolicy(), TimeProvider.System);
        await reopened.Queue.StartAsync(CancellationToken.None);
        return reopened;
    }

    public PdsDbContext OpenContext() =>
        new(new DbContextOptionsBuilder<PdsDbContext>().UseSqlite(Database.ConnectionString).Options);

    /// <summary>An account with the empty first commit.</summary>
    public async Task<Did> CreateRepositoryAsync(string name = "alice")
    {
        Did did = Did.Parse($"did:web:{name}.example.com");
        RepositoryChange genesis = new Repository(did, null, MstTree.Empty, _signer, Clock).Apply([]);
        await Queue.AppendAsync(new NewRepository(did, genesis));
        return did;
    }

    public async Task<RepositoryChange> WriteAsync(Did did, params RecordWrite[] writes) =>
        (await Store.WriteAsync(did, (repository, _) => new(repository.Apply(writes)), CancellationToken.None))!;

    public static RecordPath PathOf(int key) => new(Nsid.Parse("com.example.thing"), RecordKey.Parse(string.Create(CultureInfo.InvariantCulture, $"k{key}")));

    public static DataMap Thing(int value) =>
        DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes($$"""{"$type":"com.example.thing","value":{{value}}}"""));

    /// <summary>A record of about so many bytes.</summary>
    public static DataMap LargeThing(int bytes) =>
        DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes($$"""{"$type":"com.example.thing","text":"{{new string('x', bytes)}}"}"""));

    /// <summary>Length of the write-ahead log's file.</summary>
    public long LogBytes => new FileInfo(Path.Combine(_folder, "pds.sqlite-wal")).Length;

    public long Scalar(string sql) => Convert.ToInt64(Query(sql), CultureInfo.InvariantCulture);

    public object? Query(string sql)
    {
        using SqliteConnection connection = Database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Ends the lanes that are too many or too large, as the server does now and then.</summary>
    public Task RetireUnusedAsync() => _lanes.RetireUnusedAsync(CancellationToken.None);

    /// <summary>Checkpoints all lanes, as a clean stop does.</summary>
    public Task CheckpointAsync() => _lanes.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        _readers.Dispose();
        _accounts.Dispose();
        _lanes.Dispose();
        _blobFiles.Dispose();
        _blobLocks.Dispose();
        SqliteConnection.ClearAllPools();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private WriteTransaction OpenTransaction(TimeProvider time)
    {
        var transaction = new WriteTransaction(Database.Open(), SqliteDialect.Instance, time);
        OnOpen(transaction);
        return transaction;
    }

    private sealed class OneKey(ISigner signer) : ISigningKeys
    {
        public ValueTask<ISigner> GetAsync(Did did, CancellationToken cancellationToken) => new(signer);
    }

    private sealed class NoCrawlers : ICrawlNotifier
    {
        public void Notify()
        {
        }

        public IDisposable CountSubscriber() => throw new NotSupportedException("A store has no subscribers.");
    }

    private sealed class NewRepository(Did did, RepositoryChange genesis) : QueuedWrite
    {
        public override int Weight => 0;

        public override void Write(WriteTransaction transaction)
        {
            long id = AccountRows.Add(transaction.Context, did);
            transaction.Part<RepositoryWriter>().ApplyChange(id, genesis, epoch: null);
            transaction.Part<EventWriter>().Append(id, new Domain.Sync.CommitEvent(genesis));
        }
    }
}
