using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;
using Pds.Infrastructure.Repositories;

namespace Pds.IntegrationTests.Repositories;

/// <summary>Accounts in memory, with their repositories in the real store.</summary>
internal sealed class HostedAccounts(IKeyFactory keys, TidClock clock, TimeProvider time) : IAccountStore, ISigningKeys, IDidResolver
{
    private readonly ConcurrentDictionary<Did, Account> _accounts = new();
    private readonly ConcurrentDictionary<Did, ISigner> _signers = new();
    private readonly ConcurrentDictionary<Did, RepositoryChange> _genesis = new();

    public async Task<Did> AddAsync(Handle handle, CommitLog log)
    {
        Did did = Did.Parse($"did:web:{handle}");
        ISigner signer = _signers[did] = keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1));
        RepositoryChange genesis = _genesis[did] = new Repository(did, null, MstTree.Empty, signer, clock).Apply([]);
        await log.AppendAsync(new Genesis(did, genesis));
        _accounts[did] = new Account { Did = did, Handle = handle, CreatedAt = time.GetUtcNow() };
        return did;
    }

    public Task<PublicKey> PublicKeyAsync(Did did) => Task.FromResult(_signers[did].PublicKey);

    /// <summary>Takes down, deactivates, or the contrary of both.</summary>
    public void SetStatus(Did did, AccountStatus? status) => _accounts[did] = _accounts[did] with
    {
        TakedownRef = status == AccountStatus.Takendown ? "because" : null,
        DeactivatedAt = status == AccountStatus.Deactivated ? time.GetUtcNow() : null,
    };

    public ValueTask<Account?> FindAsync(AtIdentifier identifier, CancellationToken cancellationToken) =>
        new(identifier.TryGetDid(out Did did)
            ? _accounts.GetValueOrDefault(did)
            : _accounts.Values.FirstOrDefault(account => identifier.TryGetHandle(out Handle handle) && account.Handle == handle));

    public ValueTask<ISigner> GetAsync(Did did, CancellationToken cancellationToken) =>
        new(_signers.GetValueOrDefault(did) ?? throw new XrpcException(RepositoryErrors.RepoNotFound, "No such repository."));

    public ValueTask<DidDocument?> ResolveAsync(Did did, bool refresh, CancellationToken cancellationToken) =>
        new(_accounts.TryGetValue(did, out Account? account)
            ? DidDocument.Parse(did, Encoding.UTF8.GetBytes($$"""{"id":"{{did}}","alsoKnownAs":["at://{{account.Handle}}"]}"""))
            : null);

    public ValueTask<IReadOnlyList<HostedRepo>> ListAsync(int limit, (DateTimeOffset CreatedAt, Did Did)? after, CancellationToken cancellationToken) =>
        new([.. _accounts.Values
            .Select(account => (Key: (account.CreatedAt.ToUnixTimeMilliseconds(), account.Did), Account: account))
            .Where(item => after is not { } start || item.Key.CompareTo((start.CreatedAt.ToUnixTimeMilliseconds(), start.Did)) > 0)
            .OrderBy(item => item.Key)
            .Take(limit)
            .Select(item => new HostedRepo(item.Account, _genesis[item.Account.Did].Commit.Cid, _genesis[item.Account.Did].Commit.Rev))]);

    public ValueTask<Account?> FindByEmailAsync(string email, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CreateAsync(NewAccount account, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Account?> UpdateAsync(Did did, Func<Account, AccountChange> change, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(Did did, CancellationToken cancellationToken) => throw new NotSupportedException();

    private sealed class Genesis(Did did, RepositoryChange change) : LogEntry
    {
        public override int Weight => 0;

        public override void Write(CommitWriter writer)
        {
            writer.Context.Database.ExecuteSqlRaw("CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY AUTOINCREMENT, did TEXT NOT NULL UNIQUE)");
            writer.Context.Database.ExecuteSql($"INSERT INTO account (did) VALUES ({did.ToString()})");
            long id = writer.Context.Database.SqlQuery<long>($"SELECT id AS Value FROM account WHERE did = {did.ToString()}").AsEnumerable().Single();
            writer.ApplyChange(id, change);
            writer.AppendEvent(id, new CommitEvent(change));
        }
    }
}

/// <summary>The token is the DID of the caller, and its scope where it is not the usual one: <c>did:web:alice.test/takendown</c>.</summary>
internal sealed class NamedCallers : ICallerAuthenticator
{
    public ValueTask<Caller> AuthenticateAsync(AuthorizationHeader? header, string method, CancellationToken cancellationToken)
    {
        if (header is null)
        {
            return new(Caller.Anonymous.Instance);
        }

        string[] parts = header.Credentials.Split('/');
        SessionScope scope = parts.Length > 1 ? Enum.Parse<SessionScope>(parts[1], ignoreCase: true) : SessionScope.Access;
        return Did.TryParse(parts[0], out Did did)
            ? new(new Caller.Session(did, scope))
            : throw new XrpcException(AuthErrors.InvalidToken, "Not a token.");
    }
}
