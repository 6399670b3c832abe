using System.Data.Common;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Moderation;

/// <summary>Keeps the rows of the audit trail as they are, whoever asks. Applied at every start, since a migration that rebuilds the table drops its triggers.</summary>
internal sealed class AuditGuard : IDatabaseStart
{
    public void Apply(DbConnection connection, SqlDialect dialect)
    {
        using DbCommand command = connection.Prepare(
            dialect.KeepAppendOnly(AuditRow.Table, "seq", "The audit trail cannot be changed.", "The audit trail is added to at its end."));
        command.ExecuteNonQuery();
    }
}
