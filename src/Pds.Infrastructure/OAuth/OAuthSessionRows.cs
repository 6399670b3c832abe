using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;

namespace Pds.Infrastructure.OAuth;

/// <summary>An OAuth session; of its secrets there are digests only.</summary>
internal sealed class OAuthSessionRow : IEntityTypeConfiguration<OAuthSessionRow>
{
    public required string Id { get; set; }

    public required string TokenId { get; set; }

    public required Did Did { get; set; }

    public required string ClientId { get; set; }

    /// <summary>Thumbprint of the client's key; null for public clients.</summary>
    public string? ClientKey { get; set; }

    public required string DpopKey { get; set; }

    public required string Scope { get; set; }

    /// <summary>What the scope grants with permission sets opened; null when it includes none.</summary>
    public string? Permissions { get; set; }

    public string? DeviceId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public required string CodeHash { get; set; }

    public string? RefreshHash { get; set; }

    public static OAuthSessionRow From(OAuthSession session) => new()
    {
        Id = session.Id,
        TokenId = session.TokenId,
        Did = session.Did,
        ClientId = session.ClientId,
        ClientKey = session.Client.KeyThumbprint,
        DpopKey = session.DpopKey,
        Scope = session.Scope,
        Permissions = session.Permissions,
        DeviceId = session.DeviceId,
        CreatedAt = session.CreatedAt,
        UpdatedAt = session.UpdatedAt,
        ExpiresAt = session.ExpiresAt,
        CodeHash = session.CodeHash,
        RefreshHash = session.RefreshHash,
    };

    public OAuthSession ToSession() => new()
    {
        Id = Id,
        TokenId = TokenId,
        Did = Did,
        ClientId = ClientId,
        Client = new ClientBinding(ClientKey),
        DpopKey = DpopKey,
        Scope = Scope,
        Permissions = Permissions,
        DeviceId = DeviceId,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        ExpiresAt = ExpiresAt,
        CodeHash = CodeHash,
        RefreshHash = RefreshHash,
    };

    public void Configure(EntityTypeBuilder<OAuthSessionRow> builder)
    {
        builder.ToTable("oauth_session").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.TokenId).HasColumnName("token_id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.ClientId).HasColumnName("client_id");
        builder.Property(row => row.ClientKey).HasColumnName("client_key");
        builder.Property(row => row.DpopKey).HasColumnName("dpop_key");
        builder.Property(row => row.Scope).HasColumnName("scope");
        builder.Property(row => row.Permissions).HasColumnName("permissions");
        builder.Property(row => row.DeviceId).HasColumnName("device_id");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.Property(row => row.UpdatedAt).HasColumnName("updated_at");
        builder.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        builder.Property(row => row.CodeHash).HasColumnName("code_hash");
        builder.Property(row => row.RefreshHash).HasColumnName("refresh_hash");
        builder.BelongsToAccount();
        builder.HasIndex(row => row.TokenId).IsUnique();
        builder.HasIndex(row => row.CodeHash).IsUnique();
        builder.HasIndex(row => row.RefreshHash).IsUnique();
        builder.HasIndex(row => row.Did);
        builder.HasIndex(row => row.ExpiresAt);
    }
}

/// <summary>A refresh token that was exchanged, to be recognised if it comes again.</summary>
internal sealed class UsedRefreshTokenRow : IEntityTypeConfiguration<UsedRefreshTokenRow>
{
    public required string Hash { get; set; }

    public required string SessionId { get; set; }

    public void Configure(EntityTypeBuilder<UsedRefreshTokenRow> builder)
    {
        builder.ToTable("used_refresh_token").HasKey(row => row.Hash);
        builder.Property(row => row.Hash).HasColumnName("hash");
        builder.Property(row => row.SessionId).HasColumnName("session_id");
        builder.HasIndex(row => row.SessionId);
        builder.HasOne<OAuthSessionRow>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
