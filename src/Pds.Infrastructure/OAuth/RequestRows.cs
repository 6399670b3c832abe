using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;

namespace Pds.Infrastructure.OAuth;

/// <summary>An authorization request on its way from the push to the exchange of its code.</summary>
internal sealed class OAuthRequestRow : IEntityTypeConfiguration<OAuthRequestRow>
{
    public required string Id { get; set; }

    public required string ClientId { get; set; }

    /// <summary>Thumbprint of the client's key; null for public clients.</summary>
    public string? ClientKey { get; set; }

    /// <summary><see cref="AuthorizationParameters"/> as JSON: read in whole, searched by nothing.</summary>
    public required string Parameters { get; set; }

    public string? DpopKey { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public string? DeviceId { get; set; }

    public Did? Did { get; set; }

    /// <summary>The account's sign-in epoch when the sign-in was judged.</summary>
    public long SignInEpoch { get; set; }

    public string? CodeHash { get; set; }

    public string? GrantedScope { get; set; }

    /// <summary>What that grants with permission sets opened; null when it includes none.</summary>
    public string? Permissions { get; set; }

    public static OAuthRequestRow From(AuthorizationRequest request)
    {
        OAuthRequestRow row = new() { Id = request.Id, ClientId = request.ClientId, Parameters = "" };
        row.Apply(request);
        return row;
    }

    public void Apply(AuthorizationRequest request)
    {
        ClientKey = request.Client.KeyThumbprint;
        Parameters = JsonSerializer.Serialize(request.Parameters, JsonSerializerOptions.Web);
        DpopKey = request.DpopKey;
        ExpiresAt = request.ExpiresAt;
        DeviceId = request.DeviceId;
        Did = request.Account;
        SignInEpoch = request.SignIn?.Epoch ?? 0;
        CodeHash = request.CodeHash;
        GrantedScope = request.GrantedScope;
        Permissions = request.Permissions;
    }

    public AuthorizationRequest ToRequest() => new()
    {
        Id = Id,
        ClientId = ClientId,
        Client = new ClientBinding(ClientKey),
        Parameters = JsonSerializer.Deserialize<AuthorizationParameters>(Parameters, JsonSerializerOptions.Web)!,
        DpopKey = DpopKey,
        ExpiresAt = ExpiresAt,
        DeviceId = DeviceId,
        SignIn = Did is { } did ? SignInProof.Kept(did, SignInEpoch) : null,
        CodeHash = CodeHash,
        GrantedScope = GrantedScope,
        Permissions = Permissions,
    };

    public void Configure(EntityTypeBuilder<OAuthRequestRow> builder)
    {
        builder.ToTable("oauth_request").HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id");
        builder.Property(row => row.ClientId).HasColumnName("client_id");
        builder.Property(row => row.ClientKey).HasColumnName("client_key");
        builder.Property(row => row.Parameters).HasColumnName("parameters");
        builder.Property(row => row.DpopKey).HasColumnName("dpop_key");
        builder.Property(row => row.ExpiresAt).HasColumnName("expires_at");
        builder.Property(row => row.DeviceId).HasColumnName("device_id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.SignInEpoch).HasColumnName("sign_in_epoch");
        builder.BelongsToAccount();
        builder.Property(row => row.CodeHash).HasColumnName("code_hash");
        builder.Property(row => row.GrantedScope).HasColumnName("granted_scope");
        builder.Property(row => row.Permissions).HasColumnName("permissions");
        builder.HasIndex(row => row.CodeHash).IsUnique();
        builder.HasIndex(row => row.ExpiresAt);
        builder.HasIndex(row => row.Did);
    }
}

/// <summary>What an account has granted to a client.</summary>
internal sealed class AuthorizedClientRow : IEntityTypeConfiguration<AuthorizedClientRow>
{
    public required Did Did { get; set; }

    public required string ClientId { get; set; }

    public required string Scope { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public void Configure(EntityTypeBuilder<AuthorizedClientRow> builder)
    {
        builder.ToTable("authorized_client").HasKey(row => new { row.Did, row.ClientId });
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.ClientId).HasColumnName("client_id");
        builder.Property(row => row.Scope).HasColumnName("scope");
        builder.BelongsToAccount();
        builder.Property(row => row.UpdatedAt).HasColumnName("updated_at");
    }
}
