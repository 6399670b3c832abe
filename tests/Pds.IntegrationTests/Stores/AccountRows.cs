using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests.Stores;

/// <summary>The least that a repository needs of an account.</summary>
internal static class AccountRows
{
    public static long Add(PdsDbContext context, Did did)
    {
        var row = new AccountRow { Did = did, SigningKey = [1] };
        context.Add(row);
        context.SaveChanges();
        return row.Id;
    }
}
