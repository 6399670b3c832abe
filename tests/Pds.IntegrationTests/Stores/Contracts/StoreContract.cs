using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Repositories;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;

namespace Pds.IntegrationTests.Stores.Contracts;

/// <summary>
/// What the stores keep to, whatever the database. They are taken from whole servers; where one database serves several nodes, each of the two writers of a race
/// has a node of its own. An inheritor says how to start them, and nothing else.
/// </summary>
internal abstract class StoreContract
{
    /// <summary>How often a race is run: what the loser is told must not depend on how close it was.</summary>
    private const int Rounds = 8;

    private const int Writers = 2;
    private static int _names;

    private readonly CancellationToken _never = CancellationToken.None;
    private IReadOnlyList<PdsApplication> _nodes = [];

    [OneTimeSetUp]
    public async Task StartNodesAsync() => _nodes = await StartAsync(Settings);

    [OneTimeTearDown]
    public async Task StopNodesAsync()
    {
        foreach (PdsApplication node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>Settings that the tests need, by <c>PDS_*</c> variable.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    /// <summary>Starts one server, or two over one database.</summary>
    protected abstract Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings);

    /// <summary>A store as one of the writers has it.</summary>
    protected T Store<T>(int writer = 0)
        where T : notnull => _nodes[writer % _nodes.Count].Services.GetRequiredService<T>();

    /// <summary>Has both writers do something at the same time.</summary>
    /// <returns>What each of them was refused with; <see langword="null"/> for success.</returns>
    protected static async Task<XrpcError?[]> RaceAsync(Func<int, Task> act) => await RaceAsync<XrpcError?>(async writer =>
    {
        try
        {
            await act(writer);
            return null;
        }
        catch (XrpcException refusal)
        {
            return refusal.Error;
        }
    });

    /// <summary>Has both writers do something at the same time, and gives what came of it.</summary>
    protected static async Task<T[]> RaceAsync<T>(Func<int, Task<T>> act)
    {
        TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            await start.Task;
            return await act(writer);
        }))];
        start.SetResult();
        return await Task.WhenAll(writers);
    }

    /// <summary>Runs a race again and again, each time from the beginning: of two, one wins, and the other one is told so.</summary>
    /// <param name="refusal">What the loser is told.</param>
    /// <param name="prepare">Makes what the race is about, and gives the act.</param>
    protected static async Task OneWinsAsync(XrpcError refusal, Func<Task<Func<int, Task>>> prepare)
    {
        for (int round = 0; round < Rounds; round++)
        {
            Func<int, Task> act = await prepare();

            XrpcError?[] outcomes = await RaceAsync(act);

            Assert.That(outcomes, Is.EquivalentTo(new XrpcError?[] { null, refusal }), $"round {round}");
        }
    }

    /// <summary>As the other one, of acts that tell by their answer who was first.</summary>
    protected static async Task OneWinsAsync(Func<Task<Func<int, Task<bool>>>> prepare)
    {
        for (int round = 0; round < Rounds; round++)
        {
            Func<int, Task<bool>> act = await prepare();

            bool[] outcomes = await RaceAsync(act);

            Assert.That(outcomes, Is.EquivalentTo(new[] { true, false }), $"round {round}");
        }
    }

    /// <summary>Runs something several times, each time from the beginning.</summary>
    protected static async Task RepeatAsync(Func<Task> round)
    {
        for (int i = 0; i < Rounds; i++)
        {
            await round();
        }
    }

    /// <summary>A name that nothing had before.</summary>
    protected static string NewName() => string.Create(CultureInfo.InvariantCulture, $"name{Interlocked.Increment(ref _names)}");

    /// <summary>An account as it is handed over to be kept, active and announced.</summary>
    protected NewAccount Draft(string? handle = null, string? email = null, Did? did = null, string? invite = null)
    {
        string name = NewName();
        Did owner = did ?? Did.Parse($"did:web:{name}.example.com");
        byte[] secret = Store<IKeyFactory>().Generate(KeyCurve.Secp256k1);
        var account = new Account
        {
            Did = owner,
            Handle = Handle.Parse(handle ?? $"{name}.test"),
            Email = email ?? $"{name}@example.com",
            PasswordHash = "00:00",
            CreatedAt = DateTimeOffset.UnixEpoch.AddYears(50).AddSeconds(Volatile.Read(ref _names)),
        };
        ISigner signer = Store<IKeyFactory>().CreateSigner(KeyCurve.Secp256k1, secret);
        RepositoryChange genesis = new Repository(owner, null, MstTree.Empty, signer, Store<TidClock>()).Apply([]);
        RepoEvent[] events = [new IdentityEvent(owner, account.Handle), new AccountEvent(owner, status: null), new CommitEvent(genesis), new SyncEvent(genesis.Commit)];
        return new NewAccount(account, secret, KeyCurve.Secp256k1, genesis, RefreshToken: null, events) { InviteCode = invite };
    }

    /// <summary>Keeps an account.</summary>
    protected async Task<Account> CreateAccountAsync()
    {
        NewAccount draft = Draft();
        await Store<IAccountStore>().CreateAsync(draft, _never);
        return draft.Account;
    }

    /// <summary>The account as it is now.</summary>
    protected async Task<Account> ReadAsync(Did did) => (await Store<IAccountStore>().FindAsync(new AtIdentifier(did), _never))!;

    protected Task<RepositoryChange?> WriteAsync(int writer, Did did, params RecordWrite[] writes) =>
        Store<IRepositoryStore>(writer).WriteAsync(did, (repository, _) => new(repository.Apply(writes)), _never);

    protected static RecordPath PathOf(string key, string collection = "com.example.thing") => new(Nsid.Parse(collection), RecordKey.Parse(key));

    protected static DataMap Thing(int value) =>
        DataMap.FromJson(Encoding.UTF8.GetBytes($$"""{"$type":"com.example.thing","value":{{value.ToString(CultureInfo.InvariantCulture)}}}"""));

    protected static RecordWrite Create(string key, int value = 0) => RecordWrite.Create(PathOf(key), Thing(value));
}
