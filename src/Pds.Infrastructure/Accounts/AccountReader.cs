using System.Data.Common;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>What is read of accounts without EF Core, by jobs that run also where nobody has asked for anything.</summary>
internal sealed class AccountReader(DbConnection connection) : IReadPart<AccountReader>
{
    private readonly DbCommand _dueDeletions = connection.Prepare(
        $"SELECT did FROM {AccountRow.Table} WHERE delete_after < $0 AND deactivated_at IS NOT NULL AND takedown_ref IS NULL", 1);

    public static AccountReader Over(ReadConnection connection) => new(connection.Connection);

    /// <summary>Deactivated accounts that their owners want deleted by now. Looks through all accounts: once an hour is not worth an index.</summary>
    public List<Did> ListDueDeletions(DateTimeOffset now)
    {
        List<Did> due = [];
        using DbDataReader row = _dueDeletions.Read(now.ToUnixTimeMilliseconds());
        while (row.Read())
        {
            due.Add(Did.Parse(row.GetString(0)));
        }

        return due;
    }
}
