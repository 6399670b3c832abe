using System.Data.Common;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Persistence;

/// <summary>One connection that reads, with its commands prepared once. Used by one thread at a time.</summary>
internal sealed class ReadConnection(DbConnection connection) : IDisposable
{
    private readonly DbCommand _begin = connection.Prepare("BEGIN");
    private readonly DbCommand _end = connection.Prepare("COMMIT");
    private readonly DbCommand _probe = connection.Prepare($"SELECT 1 FROM {SharedTables.Account} LIMIT 1");
    private readonly DbCommand _accountId = connection.Prepare($"SELECT id FROM {SharedTables.Account} WHERE did = $0", 1);
    private readonly List<object> _parts = [];

    /// <summary>What parts prepare their commands on.</summary>
    public DbConnection Connection => connection;

    /// <summary>A feature's reader over this connection, made when it is first asked for and kept as long as the connection.</summary>
    public TPart Part<TPart>()
        where TPart : class, IReadPart<TPart>
    {
        foreach (object part in _parts)
        {
            if (part is TPart found)
            {
                return found;
            }
        }

        TPart made = TPart.Over(this);
        _parts.Add(made);
        return made;
    }

    /// <summary>From here on until <see cref="End"/>, all reads see one state of the database.</summary>
    public void Begin() => _begin.ExecuteNonQuery();

    public void End() => _end.ExecuteNonQuery();

    /// <summary>Reads something; throws when the database does not answer.</summary>
    public void Probe() => _probe.ExecuteScalar();

    public long? FindAccountId(Did did)
    {
        using DbDataReader row = _accountId.Read(did.ToString());
        return row.Read() ? row.GetInt64(0) : null;
    }

    public void Dispose() => connection.Dispose();
}
