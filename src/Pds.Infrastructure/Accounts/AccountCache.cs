using Microsoft.Extensions.Caching.Memory;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Accounts;

/// <summary>Accounts that were asked for lately, by DID and by handle: a write of a record asks for its account twice.</summary>
/// <remarks>
/// A reader may have read just before a change and come back just after it. So each reading is done under the count of changes at its start,
/// and what was read under an older count is not kept.
/// </remarks>
internal sealed class AccountCache : IDisposable
{
    private const int Capacity = 50_000;

    private readonly MemoryCache _accounts = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private long _changes;

    /// <summary>To be taken before reading what may be added.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public Account? Find(AtIdentifier identifier) => _accounts.TryGetValue(identifier.ToString(), out Account? account) ? account : null;

    /// <summary>Keeps an account that was read, unless anything has changed since.</summary>
    public void Add(Account account, long changesBeforeReading)
    {
        Set(account.Did.ToString(), account);
        if (account.Handle is { } handle)
        {
            Set(handle.ToString(), account);
        }

        if (Changes != changesBeforeReading)
        {
            Remove(account);
        }
    }

    /// <summary>Forgets an account as it was and as it is; to be called when a change is durable.</summary>
    public void Forget(params ReadOnlySpan<Account> accounts)
    {
        Interlocked.Increment(ref _changes);
        foreach (Account account in accounts)
        {
            Remove(account);
        }
    }

    public void Dispose() => _accounts.Dispose();

    private void Set(string key, Account account)
    {
        using ICacheEntry entry = _accounts.CreateEntry(key);
        entry.Size = 1;
        entry.Value = account;
    }

    private void Remove(Account account)
    {
        _accounts.Remove(account.Did.ToString());
        if (account.Handle is { } handle)
        {
            _accounts.Remove(handle.ToString());
        }
    }
}
