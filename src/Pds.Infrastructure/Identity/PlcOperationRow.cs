using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Identity;

/// <summary>An operation in the log of the directory inside this server.</summary>
internal sealed class PlcOperationRow
{
    public long Id { get; set; }

    public required Did Did { get; set; }

    /// <summary>Place in the log of the DID, from 0; unique, so two writers cannot both add the same one.</summary>
    public required int Position { get; set; }

    /// <summary>The JSON form, from which the canonical encoding follows.</summary>
    public required byte[] Operation { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public bool Nullified { get; set; }
}

internal sealed class PlcOperationConfiguration : IEntityTypeConfiguration<PlcOperationRow>
{
    public void Configure(EntityTypeBuilder<PlcOperationRow> builder)
    {
        builder.ToTable("plc_operation");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.Did, row.Position }).IsUnique();
    }
}
