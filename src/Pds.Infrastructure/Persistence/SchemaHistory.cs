using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pds.Infrastructure.Persistence;

/// <summary>Which migrations a database has had.</summary>
/// <param name="Applied">Their ids.</param>
/// <param name="HasTables">Whether there is any table at all.</param>
internal sealed record SchemaHistory(IReadOnlyList<string> Applied, bool HasTables)
{
    private static readonly string[] Known =
        [.. typeof(PdsDbContext).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>Nothing was ever made in it.</summary>
    public bool IsEmpty => Applied.Count == 0;

    /// <summary>Tables, and not by our migrations.</summary>
    public bool IsForeign => HasTables && IsEmpty;

    /// <summary>A migration that this program does not have.</summary>
    public string? Unknown => Applied.FirstOrDefault(id => Array.BinarySearch(Known, id, StringComparer.Ordinal) < 0);

    /// <summary>Whether it is as new as this program.</summary>
    public bool IsCurrent => Known.All(Applied.Contains);

    public static SchemaHistory Read(DbConnection connection)
    {
        using DbCommand command = connection.Prepare(
            $"SELECT count(*), count(*) FILTER (WHERE name = '{HistoryRepository.DefaultTableName}') FROM sqlite_master WHERE type = 'table'");
        (long tables, long histories) = ReadCounts(command);
        return new SchemaHistory(histories == 0 ? [] : ReadIds(connection), tables > histories);
    }

    private static (long Tables, long Histories) ReadCounts(DbCommand command)
    {
        using DbDataReader row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static List<string> ReadIds(DbConnection connection)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT \"MigrationId\" FROM \"{HistoryRepository.DefaultTableName}\"";
        using DbDataReader row = command.ExecuteReader();
        List<string> ids = [];
        while (row.Read())
        {
            ids.Add(row.GetString(0));
        }

        return ids;
    }
}
