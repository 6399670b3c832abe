using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.Infrastructure.Sync;

namespace Pds.IntegrationTests.Stores;

/// <summary>What a prepared statement costs must not grow with what everybody has stored.</summary>
internal sealed class QueryPlanTests
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Walks that end at the first row, go through a table that is all but empty, or are made once an hour.</summary>
    private static readonly string[] Allowed =
    [
        "SCAN account USING COVERING INDEX IX_account_handle: SELECT 1 FROM account LIMIT 1",
        "SCAN event: SELECT seq, time FROM event ORDER BY seq DESC LIMIT 1",
        "SCAN purged_events",
        "SCAN account: SELECT did FROM account WHERE delete_after < $0",
        "SCAN CONSTANT ROW",
    ];

    [Test]
    public async Task PreparedStatements_WalkThroughNoTable()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        using var reader = new ReadConnection(fixture.Database.Open());
        using var writer = new WriteTransaction(fixture.Database.Open(), SqliteDialect.Instance, TimeProvider.System);
        using SqliteConnection connection = fixture.Database.Open();
        object[] owners =
        [
            reader, reader.Part<RepositoryReader>(), reader.Part<BlobReader>(), reader.Part<EventReader>(), reader.Part<AccountReader>(),
            writer, writer.Part<RepositoryWriter>(), writer.Part<BlobWriter>(), writer.Part<ImportWriter>(), writer.Part<EventWriter>(),
        ];
        string[] statements = [.. owners.SelectMany(StatementsOf).Distinct()];

        string[] walks = [.. statements.SelectMany(statement => WalksOf(connection, statement))];

        Assert.Multiple(() =>
        {
            Assert.That(statements, Has.Length.GreaterThan(50));
            Assert.That(walks, Is.Empty);
        });
    }

    private static IEnumerable<string> StatementsOf(object owner) => owner.GetType().GetFields(Fields)
        .SelectMany(field => field.GetValue(owner) switch
        {
            DbCommand command => [command],
            DbCommand[] commands => commands,
            _ => Array.Empty<DbCommand>(),
        })
        .SelectMany(command => command.CommandText.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Where(statement => statement.Split(' ')[0] is "SELECT" or "INSERT" or "UPDATE" or "DELETE");

    private static IEnumerable<string> WalksOf(SqliteConnection connection, string statement)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {statement}";
        for (int i = 0; i < 10; i++)
        {
            command.Parameters.AddWithValue($"${i}", 1);
        }

        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
        {
            string step = $"{row.GetString(3)}: {statement}";
            if (step.StartsWith("SCAN", StringComparison.Ordinal) && !Allowed.Any(allowed => step.StartsWith(allowed, StringComparison.Ordinal)))
            {
                yield return step;
            }
        }
    }
}
