using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pds.Infrastructure.Repositories;

/// <summary>That a record is taken down, by its path. The readers of records look here.</summary>
internal sealed class RecordTakedownRow : IEntityTypeConfiguration<RecordTakedownRow>
{
    public const string Table = "record_takedown";

    public long AccountId { get; set; }

    /// <summary><c>collection/rkey</c>.</summary>
    public required string Path { get; set; }

    public required string TakedownRef { get; set; }

    public void Configure(EntityTypeBuilder<RecordTakedownRow> builder)
    {
        builder.ToTable(Table).HasKey(row => new { row.AccountId, row.Path });
        builder.Property(row => row.AccountId).HasColumnName("account_id");
        builder.Property(row => row.Path).HasColumnName("path");
        builder.Property(row => row.TakedownRef).HasColumnName("takedown_ref");
    }
}
