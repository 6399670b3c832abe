using Pds.Application.Accounts;
using Pds.Application.Moderation;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Pipeline;

/// <summary>A store with a single account in it, to be read only.</summary>
internal sealed class OneAccount(Account account) : IAccountStore
{
    public ValueTask<Account?> FindAsync(AtIdentifier identifier, CancellationToken cancellationToken) =>
        ValueTask.FromResult(identifier.TryGetDid(out Did did) && did == account.Did ? account : null);

    public ValueTask<Account?> FindByEmailAsync(string email, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CreateAsync(NewAccount account, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Account?> UpdateAsync(Did did, Func<Account, AccountChange> change, AuditNote? audit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(Did did, Func<Account, EmailToken?> judge, AuditNote? audit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<HostedRepo>> ListAsync(int limit, (DateTimeOffset CreatedAt, Did Did)? after, CancellationToken cancellationToken) => throw new NotSupportedException();
}
