using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Accounts;

/// <summary>An invite code.</summary>
internal sealed class InviteCodeRow : IEntityTypeConfiguration<InviteCodeRow>
{
    public required string Code { get; set; }

    public int AvailableUses { get; set; }

    public bool Disabled { get; set; }

    /// <summary>DID, or <c>admin</c>.</summary>
    public required string ForAccount { get; set; }

    /// <summary>DID, or <c>admin</c>.</summary>
    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public List<InviteCodeUseRow> Uses { get; } = [];

    public static InviteCodeRow From(InviteCode code) => new()
    {
        Code = code.Code,
        AvailableUses = code.AvailableUses,
        Disabled = code.Disabled,
        ForAccount = code.ForAccount,
        CreatedBy = code.CreatedBy,
        CreatedAt = code.CreatedAt,
    };

    public InviteCode ToInviteCode() => new(
        Code, AvailableUses, Disabled, ForAccount, CreatedBy, CreatedAt, [.. Uses.OrderByDescending(use => use.UsedAt).ThenBy(use => use.UsedBy).Select(use => new InviteCodeUse(use.UsedBy, use.UsedAt))]);

    public void Configure(EntityTypeBuilder<InviteCodeRow> builder)
    {
        builder.ToTable("invite_code").HasKey(row => row.Code);
        builder.Property(row => row.Code).HasColumnName("code");
        builder.Property(row => row.AvailableUses).HasColumnName("available_uses");
        builder.Property(row => row.Disabled).HasColumnName("disabled");
        builder.Property(row => row.ForAccount).HasColumnName("for_account");
        builder.Property(row => row.CreatedBy).HasColumnName("created_by");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.HasMany(row => row.Uses).WithOne().HasForeignKey(use => use.Code);
        builder.HasIndex(row => row.ForAccount);
    }
}

/// <summary>One use of an invite code; it stays when the account goes.</summary>
internal sealed class InviteCodeUseRow : IEntityTypeConfiguration<InviteCodeUseRow>
{
    public required string Code { get; set; }

    public required Did UsedBy { get; set; }

    public DateTimeOffset UsedAt { get; set; }

    public void Configure(EntityTypeBuilder<InviteCodeUseRow> builder)
    {
        builder.ToTable("invite_code_use").HasKey(row => new { row.Code, row.UsedBy });
        builder.Property(row => row.Code).HasColumnName("code");
        builder.Property(row => row.UsedBy).HasColumnName("used_by");
        builder.Property(row => row.UsedAt).HasColumnName("used_at");
        builder.HasIndex(row => row.UsedBy);
    }
}
