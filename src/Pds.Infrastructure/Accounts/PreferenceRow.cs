using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Accounts;

/// <summary>A preference; its id gives the order.</summary>
internal sealed class PreferenceRow : IEntityTypeConfiguration<PreferenceRow>
{
    public long Id { get; set; }

    public required Did Did { get; set; }

    public required string Type { get; set; }

    public required string Json { get; set; }

    public void Configure(EntityTypeBuilder<PreferenceRow> builder)
    {
        builder.ToTable("preference").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.BelongsToAccount();
        builder.Property(row => row.Type).HasColumnName("type");
        builder.Property(row => row.Json).HasColumnName("json");
        builder.HasIndex(row => row.Did);
    }
}
