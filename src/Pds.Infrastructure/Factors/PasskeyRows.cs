using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Application.Factors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;

namespace Pds.Infrastructure.Factors;

/// <summary>A passkey: nothing in it is secret.</summary>
internal sealed class PasskeyRow : IEntityTypeConfiguration<PasskeyRow>
{
    private const char Separator = ' ';

    public required string Id { get; set; }

    public required Did Did { get; set; }

    public required string UserHandle { get; set; }

    public required byte[] PublicKey { get; set; }

    public required string Name { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public long SignCount { get; set; }

    /// <summary>Words, parted by blanks.</summary>
    public required string Transports { get; set; }

    public bool IsBackupEligible { get; set; }

    public bool IsBackedUp { get; set; }

    public static PasskeyRow From(Passkey passkey)
    {
        PasskeyRow row = new()
        {
            Id = passkey.Id,
            Did = passkey.Did,
            UserHandle = passkey.UserHandle,
            PublicKey = passkey.PublicKey.ToArray(),
            Name = "",
            CreatedAt = passkey.CreatedAt,
            Transports = string.Join(Separator, passkey.Transports),
            IsBackupEligible = passkey.IsBackupEligible,
        };
        row.Apply(passkey);
        return row;
    }

    /// <summary>Takes over everything that may change.</summary>
    public void Apply(Passkey passkey)
    {
        Name = passkey.Name;
        LastUsedAt = passkey.LastUsedAt;
        SignCount = passkey.SignCount;
        IsBackedUp = passkey.IsBackedUp;
    }

    public Passkey ToPasskey() => new()
    {
        Id = Id,
        Did = Did,
        UserHandle = UserHandle,
        PublicKey = PublicKey,
        Name = Name,
        CreatedAt = CreatedAt,
        LastUsedAt = LastUsedAt,
        SignCount = (uint)SignCount,
        Transports = Transports.Split(Separator, StringSplitOptions.RemoveEmptyEntries),
        IsBackupEligible = IsBackupEligible,
        IsBackedUp = IsBackedUp,
    };

    public void Configure(EntityTypeBuilder<PasskeyRow> builder)
    {
        builder.ToTable("passkey").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.UserHandle).HasColumnName("user_handle");
        builder.Property(row => row.PublicKey).HasColumnName("public_key");
        builder.Property(row => row.Name).HasColumnName("name");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.Property(row => row.LastUsedAt).HasColumnName("last_used_at");
        builder.Property(row => row.SignCount).HasColumnName("sign_count");
        builder.Property(row => row.Transports).HasColumnName("transports");
        builder.Property(row => row.IsBackupEligible).HasColumnName("is_backup_eligible");
        builder.Property(row => row.IsBackedUp).HasColumnName("is_backed_up");
        builder.HasIndex(row => row.Did);
        builder.HasIndex(row => row.UserHandle);
        builder.BelongsToAccount();
    }
}

/// <summary>What a browser was asked for, until it answers.</summary>
internal sealed class PasskeyChallengeRow : IEntityTypeConfiguration<PasskeyChallengeRow>
{
    public required string Id { get; set; }

    public required string DeviceId { get; set; }

    /// <summary>Null where somebody signs in.</summary>
    public Did? Did { get; set; }

    public required string State { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public PasskeyChallenge ToChallenge() => new(Id, DeviceId, Did, State, ExpiresAt);

    public void Configure(EntityTypeBuilder<PasskeyChallengeRow> builder)
    {
        builder.ToTable("passkey_challenge").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.DeviceId).HasColumnName("device_id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.State).HasColumnName("state");
        builder.BelongsToAccount();
        builder.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        builder.HasIndex(row => row.Did);
        builder.HasIndex(row => row.ExpiresAt);
    }
}
