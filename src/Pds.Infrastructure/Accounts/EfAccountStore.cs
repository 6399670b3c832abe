using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Moderation;
using Pds.Domain.Accounts;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;

namespace Pds.Infrastructure.Accounts;

/// <summary>Accounts in the service tables; changes go through the single writer, together with what announces them.</summary>
internal sealed class EfAccountStore(
    IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, AccountCache cache, SigningKeys keys, RepositoryLanes lanes, BlobFiles blobs, SignIns signIns)
    : IAccountStore
{
    public ValueTask<Account?> FindAsync(AtIdentifier identifier, CancellationToken cancellationToken) =>
        cache.Find(identifier) is { } account ? ValueTask.FromResult<Account?>(account) : LoadAsync(identifier, cancellationToken);

    public async ValueTask<Account?> FindByEmailAsync(string email, CancellationToken cancellationToken)
    {
        string address = EmailAddress.Normalize(email);
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        AccountRow? row = await context.Set<AccountRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Email == address, cancellationToken);
        return row?.ToAccount();
    }

    public Task CreateAsync(NewAccount account, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return queue.AppendAsync(new NewAccountWrite(account, keys.Seal(account.SigningKey.ToArray(), account.Account.Did)) { Joined = AuditRows.Joining(account.Audit) });
    }

    public async Task<Account?> UpdateAsync(Did did, Func<Account, AccountChange> change, AuditNote? audit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entry = new AccountChangeWrite(did, change, cache, lanes, signIns) { Joined = AuditRows.Joining(audit) };
        await queue.AppendAsync(entry);
        return entry.After;
    }

    public async Task<bool> DeleteAsync(Did did, Func<Account, EmailToken?> judge, AuditNote? audit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entry = new AccountDeletionWrite(did, judge, cache, lanes, keys) { Joined = AuditRows.Joining(audit) };
        await queue.AppendAsync(entry);
        if (entry.Found)
        {
            await blobs.DeleteAllAsync(did);
        }

        return entry.Found;
    }

    public async ValueTask<IReadOnlyList<HostedRepo>> ListAsync(
        int limit, (DateTimeOffset CreatedAt, Did Did)? after, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<AccountRow> accounts = context.Set<AccountRow>().AsNoTracking();
        if (after is var (createdAt, did))
        {
            string lastDid = did.ToString();
#pragma warning disable CA1309 // becomes SQL, which compares texts bytewise and knows no other overload
            accounts = accounts.Where(row =>
                row.CreatedAt > createdAt || (row.CreatedAt == createdAt && string.Compare((string)(object)row.Did, lastDid) > 0));
#pragma warning restore CA1309
        }

        var page = await accounts
            .OrderBy(row => row.CreatedAt)
            .ThenBy(row => row.Did)
            .Join(context.Set<RepoRow>(), row => row.Id, repo => repo.AccountId, (row, repo) => new { Account = row, repo.Head })
            .Take(limit)
            .ToListAsync(cancellationToken);
        return [.. page.Select(line => (Account: line.Account.ToAccount(), Head: Commit.Decode(line.Head)))
            .Select(line => new HostedRepo(line.Account, line.Head.Cid, line.Head.Rev))];
    }

    private async ValueTask<Account?> LoadAsync(AtIdentifier identifier, CancellationToken cancellationToken)
    {
        long changes = cache.Changes;
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        DbSet<AccountRow> accounts = context.Set<AccountRow>();
        AccountRow? row = identifier.TryGetDid(out Did did)
            ? await accounts.AsNoTracking().SingleOrDefaultAsync(row => row.Did == did, cancellationToken)
            : identifier.TryGetHandle(out Handle handle)
                ? await accounts.AsNoTracking().SingleOrDefaultAsync(row => row.Handle == handle, cancellationToken)
                : null;
        if (row is null)
        {
            return null;
        }

        Account account = row.ToAccount();
        cache.Add(account, changes);
        return account;
    }
}
