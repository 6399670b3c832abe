using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pds.Infrastructure.Persistence;

/// <summary>A value that follows from a secret of the settings and does not reveal it: tells at the start whether the secret is still the one that the data was sealed with.</summary>
internal sealed class ServerCheckRow : IEntityTypeConfiguration<ServerCheckRow>
{
    private const string Table = "server_check";
    private const string RotationKey = "rotation_key";

    public required string Name { get; set; }

    public required byte[] Value { get; set; }

    public void Configure(EntityTypeBuilder<ServerCheckRow> builder)
    {
        builder.ToTable(Table).HasKey(row => row.Name);
        builder.Property(row => row.Name).HasColumnName("name");
        builder.Property(row => row.Value).HasColumnName("value");
    }

    /// <summary>The check value of the rotation key; <see langword="null"/> where none was kept yet.</summary>
    public static byte[]? Read(SqliteConnection connection, SchemaHistory history)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM sqlite_master WHERE name = '{Table}'";
        if (history.IsEmpty || (long)command.ExecuteScalar()! == 0)
        {
            return null;
        }

        command.CommandText = $"SELECT value FROM {Table} WHERE name = '{RotationKey}'";
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>Keeps the check value of the rotation key, unless there is one.</summary>
    public static void Keep(SqliteConnection connection, byte[] value)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO {Table} (name, value) VALUES ('{RotationKey}', $value) ON CONFLICT DO NOTHING";
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }
}
