using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pds.Infrastructure.Persistence;

/// <summary>A value that follows from a secret of the settings and does not reveal it: tells at the start whether the secret is still the one that the data was sealed with.</summary>
internal sealed class ServerCheckRow : IEntityTypeConfiguration<ServerCheckRow>
{
    public const string Table = "server_check";
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
    public static byte[]? Read(DbConnection connection, SchemaHistory history)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM sqlite_master WHERE name = '{Table}'";
        if (history.IsEmpty || (long)command.ExecuteScalar()! == 0)
        {
            return null;
        }

        command.CommandText = $"SELECT value FROM {Table} WHERE name = '{RotationKey}'";
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>Keeps the check value of the rotation key, unless there is one.</summary>
    public static void Keep(DbConnection connection, byte[] value)
    {
        using DbCommand command = connection.Prepare($"INSERT INTO {Table} (name, value) VALUES ('{RotationKey}', $0) ON CONFLICT DO NOTHING", 1);
        command.Execute(value);
    }
}
