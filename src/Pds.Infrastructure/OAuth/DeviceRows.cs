using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;

namespace Pds.Infrastructure.OAuth;

/// <summary>A browser, known by its cookies.</summary>
internal sealed class DeviceRow : IEntityTypeConfiguration<DeviceRow>
{
    public required string Id { get; set; }

    public required string SecretHash { get; set; }

    public string? PreviousHash { get; set; }

    public DateTimeOffset RotatedAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public string? UserAgent { get; set; }

    public string? Address { get; set; }

    public void Apply(Device device)
    {
        SecretHash = device.SecretHash;
        PreviousHash = device.PreviousHash;
        RotatedAt = device.RotatedAt;
        LastSeenAt = device.LastSeenAt;
        UserAgent = device.UserAgent;
        Address = device.Address?.ToString();
    }

    public Device ToDevice() => new(Id, SecretHash, PreviousHash, RotatedAt, LastSeenAt, UserAgent, IPAddress.TryParse(Address, out IPAddress? address) ? address : null);

    public void Configure(EntityTypeBuilder<DeviceRow> builder)
    {
        builder.ToTable("device").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.SecretHash).HasColumnName("secret_hash");
        builder.Property(row => row.PreviousHash).HasColumnName("previous_hash");
        builder.Property(row => row.RotatedAt).HasColumnName("rotated_at");
        builder.Property(row => row.LastSeenAt).HasColumnName("last_seen_at");
        builder.Property(row => row.UserAgent).HasColumnName("user_agent");
        builder.Property(row => row.Address).HasColumnName("address");
        builder.HasIndex(row => row.LastSeenAt);
    }
}

/// <summary>A sign-in that a browser remembers.</summary>
internal sealed class DeviceAccountRow : IEntityTypeConfiguration<DeviceAccountRow>
{
    public required Did Did { get; set; }

    public required string DeviceId { get; set; }

    public DateTimeOffset SignedInAt { get; set; }

    public void Configure(EntityTypeBuilder<DeviceAccountRow> builder)
    {
        builder.ToTable("device_account").HasKey(row => new { row.Did, row.DeviceId });
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.DeviceId).HasColumnName("device_id");
        builder.Property(row => row.SignedInAt).HasColumnName("signed_in_at");
        builder.HasIndex(row => row.DeviceId);
        builder.BelongsToAccount();
        builder.HasOne<DeviceRow>().WithMany().HasForeignKey(row => row.DeviceId).OnDelete(DeleteBehavior.Cascade);
    }
}
