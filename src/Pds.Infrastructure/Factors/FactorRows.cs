using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.OAuth;

namespace Pds.Infrastructure.Factors;

/// <summary>What an account shares with an authenticator app.</summary>
internal sealed class AuthenticatorRow : IEntityTypeConfiguration<AuthenticatorRow>
{
    public required Did Did { get; set; }

    /// <summary>Envelope of <see cref="Crypto.KeyVault"/>.</summary>
    public required byte[] Secret { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null while no code has proved that an app has the secret.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    public long UsedStep { get; set; }

    public void Configure(EntityTypeBuilder<AuthenticatorRow> builder)
    {
        builder.ToTable("authenticator").HasKey(row => row.Did);
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.Secret).HasColumnName("secret");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.Property(row => row.ConfirmedAt).HasColumnName("confirmed_at");
        builder.Property(row => row.UsedStep).HasColumnName("used_step");
        builder.BelongsToAccount();
    }
}

/// <summary>A recovery code that was not used; only a keyed hash of it is kept.</summary>
internal sealed class RecoveryCodeRow : IEntityTypeConfiguration<RecoveryCodeRow>
{
    public required Did Did { get; set; }

    public required string Hash { get; set; }

    public void Configure(EntityTypeBuilder<RecoveryCodeRow> builder)
    {
        builder.ToTable("recovery_code").HasKey(row => new { row.Did, row.Hash });
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.Hash).HasColumnName("code_hash");
        builder.BelongsToAccount();
    }
}

/// <summary>A browser in which an account is not asked for a second factor.</summary>
internal sealed class TrustedBrowserRow : IEntityTypeConfiguration<TrustedBrowserRow>
{
    public required Did Did { get; set; }

    public required string DeviceId { get; set; }

    public DateTimeOffset TrustedAt { get; set; }

    public DateTimeOffset TrustedUntil { get; set; }

    public void Configure(EntityTypeBuilder<TrustedBrowserRow> builder)
    {
        builder.ToTable("trusted_browser").HasKey(row => new { row.Did, row.DeviceId });
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.DeviceId).HasColumnName("device_id");
        builder.Property(row => row.TrustedAt).HasColumnName("trusted_at");
        builder.Property(row => row.TrustedUntil).HasColumnName("trusted_until");
        builder.HasIndex(row => row.DeviceId);
        builder.BelongsToAccount();
        builder.HasOne<DeviceRow>().WithMany().HasForeignKey(row => row.DeviceId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>A sign-in that has got past the password and waits for the second factor.</summary>
internal sealed class PendingSignInRow : IEntityTypeConfiguration<PendingSignInRow>
{
    public required string Id { get; set; }

    public required string DeviceId { get; set; }

    public required Did Did { get; set; }

    /// <summary>The account's sign-in epoch when the password was judged.</summary>
    public long SignInEpoch { get; set; }

    public bool Remember { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public void Configure(EntityTypeBuilder<PendingSignInRow> builder)
    {
        builder.ToTable("pending_sign_in").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.DeviceId).HasColumnName("device_id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.SignInEpoch).HasColumnName("sign_in_epoch");
        builder.Property(row => row.Remember).HasColumnName("remember");
        builder.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        builder.BelongsToAccount();
        builder.HasIndex(row => row.Did);
        builder.HasIndex(row => row.ExpiresAt);
    }
}
