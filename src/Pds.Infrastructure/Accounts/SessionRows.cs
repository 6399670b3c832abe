using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Accounts;

/// <summary>A refresh token; the token itself is not kept, only its id.</summary>
internal sealed class RefreshTokenRow : IEntityTypeConfiguration<RefreshTokenRow>
{
    public required string Id { get; set; }

    public required Did Did { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public string? NextId { get; set; }

    public string? AppPasswordName { get; set; }

    public static RefreshTokenRow From(RefreshToken token) => new()
    {
        Id = token.Id,
        Did = token.Did,
        ExpiresAt = token.ExpiresAt,
        NextId = token.NextId,
        AppPasswordName = token.AppPasswordName,
    };

    public RefreshToken ToToken() => new(Id, Did, ExpiresAt, NextId, AppPasswordName);

    public void Configure(EntityTypeBuilder<RefreshTokenRow> builder)
    {
        builder.ToTable("refresh_token").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        builder.Property(row => row.NextId).HasColumnName("next_id");
        builder.Property(row => row.AppPasswordName).HasColumnName("app_password_name");
        builder.HasIndex(row => new { row.Did, row.AppPasswordName });
        builder.BelongsToAccount();
        builder.HasOne<AppPasswordRow>().WithMany().HasForeignKey(row => new { row.Did, row.AppPasswordName }).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>An app password. Its salt follows from the DID, so it is found by its hash.</summary>
internal sealed class AppPasswordRow : IEntityTypeConfiguration<AppPasswordRow>
{
    public required Did Did { get; set; }

    public required string Name { get; set; }

    public required string PasswordHash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public bool Privileged { get; set; }

    public AppPassword ToAppPassword() => new(Name, CreatedAt, Privileged);

    public void Configure(EntityTypeBuilder<AppPasswordRow> builder)
    {
        builder.ToTable("app_password").HasKey(row => new { row.Did, row.Name });
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.Name).HasColumnName("name");
        builder.Property(row => row.PasswordHash).HasColumnName("password_hash");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.Property(row => row.Privileged).HasColumnName("privileged");
        builder.BelongsToAccount();
    }
}

/// <summary>An e-mailed token; only a keyed hash of it is kept.</summary>
internal sealed class EmailTokenRow : IEntityTypeConfiguration<EmailTokenRow>
{
    public EmailTokenPurpose Purpose { get; set; }

    public required Did Did { get; set; }

    public required string Hash { get; set; }

    public DateTimeOffset RequestedAt { get; set; }

    public EmailToken ToToken() => new(Purpose, Did, Hash, RequestedAt);

    public void Configure(EntityTypeBuilder<EmailTokenRow> builder)
    {
        builder.ToTable("email_token").HasKey(row => new { row.Did, row.Purpose });
        builder.Property(row => row.Purpose).HasColumnName("purpose");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.Hash).HasColumnName("token_hash");
        builder.Property(row => row.RequestedAt).HasColumnName("requested_at");
        builder.HasIndex(row => new { row.Purpose, row.Hash }).IsUnique();
        builder.BelongsToAccount();
    }
}

/// <summary>A signing key made before its account, sealed.</summary>
internal sealed class ReservedKeyRow : IEntityTypeConfiguration<ReservedKeyRow>
{
    public const string Table = "reserved_key";

    /// <summary>The public half, as did:key.</summary>
    public required string PublicKey { get; set; }

    /// <summary>Whom it is reserved for; null when the asker did not say.</summary>
    public Did? Did { get; set; }

    public required byte[] SigningKey { get; set; }

    /// <summary>When it was made; null for keys from before that was kept, until the next one is made.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    public void Configure(EntityTypeBuilder<ReservedKeyRow> builder)
    {
        builder.ToTable(Table).HasKey(row => row.PublicKey);
        builder.Property(row => row.PublicKey).HasColumnName("public_key");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.SigningKey).HasColumnName("signing_key");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.HasIndex(row => row.Did).IsUnique();
    }
}
