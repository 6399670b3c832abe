using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Pds.Infrastructure.Persistence;

/// <summary>What differs between databases, beside their connections and their migrations.</summary>
internal abstract class SqlDialect
{
    /// <summary>Begins a transaction that is going to write.</summary>
    public abstract string BeginWrite { get; }

    /// <summary>A query for the number of rows changed on the connection so far, a 64-bit integer.</summary>
    public abstract string CountChanges { get; }

    /// <summary>Statements that keep the rows of a table as they are, whoever asks: no change, no deletion, and new ones at the end only. They may run again.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">Its key: integers without gaps, from 1.</param>
    /// <param name="refusal">What a change or deletion is answered with.</param>
    /// <param name="notAtEnd">What an insertion elsewhere is answered with.</param>
    public abstract string KeepAppendOnly(string table, string key, string refusal, string notAtEnd);

    /// <summary>Puts an EF context over an open connection.</summary>
    public abstract void Use(DbContextOptionsBuilder options, DbConnection connection);
}

/// <summary>SQLite as the embedded database.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    public static readonly SqliteDialect Instance = new();

    public override string BeginWrite => "BEGIN IMMEDIATE";

    public override string CountChanges => "SELECT total_changes()";

    // INSERT OR REPLACE would pass by a ban on deletion, so insertions are looked at as well.
    public override string KeepAppendOnly(string table, string key, string refusal, string notAtEnd) => $"""
        CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
        CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
        CREATE TRIGGER IF NOT EXISTS {table}_at_the_end BEFORE INSERT ON {table}
        WHEN NEW.{key} <> (SELECT coalesce(max({key}), 0) + 1 FROM {table})
        BEGIN SELECT RAISE(ABORT, '{notAtEnd}'); END;
        """;

    public override void Use(DbContextOptionsBuilder options, DbConnection connection) => options.UseSqlite(connection);
}
