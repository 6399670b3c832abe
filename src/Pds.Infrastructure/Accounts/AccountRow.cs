using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Application.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>An account with its sealed signing key.</summary>
internal sealed class AccountRow : IEntityTypeConfiguration<AccountRow>
{
    public const string Table = SharedTables.Account;

    /// <summary>Stands for the account inside the database; never used again after a deletion.</summary>
    public long Id { get; set; }

    public required Did Did { get; set; }

    /// <summary>Lower case, as handles always are; null is shown as <c>handle.invalid</c>.</summary>
    public Handle? Handle { get; set; }

    /// <summary>Lower case.</summary>
    public string? Email { get; set; }

    public string? PasswordHash { get; set; }

    public DateTimeOffset? EmailConfirmedAt { get; set; }

    /// <summary>Whether signing in needs a token from the mailbox, once the address is confirmed.</summary>
    public bool EmailAuthFactor { get; set; }

    /// <summary>Rises with every change of what signs in.</summary>
    public long SignInEpoch { get; set; }

    public bool InvitesDisabled { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string? TakedownRef { get; set; }

    public DateTimeOffset? DeactivatedAt { get; set; }

    public DateTimeOffset? DeleteAfter { get; set; }

    /// <summary>Envelope of <see cref="Crypto.KeyVault"/>.</summary>
    public required byte[] SigningKey { get; set; }

    public KeyCurve SigningCurve { get; set; }

    public void Configure(EntityTypeBuilder<AccountRow> builder)
    {
        builder.ToTable(Table).HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedOnAdd().HasColumnName("id");
        builder.Property(row => row.Did).HasColumnName("did");
        builder.Property(row => row.Handle).HasColumnName("handle");
        builder.Property(row => row.Email).HasColumnName("email");
        builder.Property(row => row.PasswordHash).HasColumnName("password_hash");
        builder.Property(row => row.EmailConfirmedAt).HasColumnName("email_confirmed_at");
        builder.Property(row => row.EmailAuthFactor).HasColumnName("email_auth_factor");
        builder.Property(row => row.SignInEpoch).HasColumnName("sign_in_epoch");
        builder.Property(row => row.InvitesDisabled).HasColumnName("invites_disabled");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.Property(row => row.TakedownRef).HasColumnName("takedown_ref");
        builder.Property(row => row.DeactivatedAt).HasColumnName("deactivated_at");
        builder.Property(row => row.DeleteAfter).HasColumnName("delete_after");
        builder.Property(row => row.SigningKey).HasColumnName("signing_key");
        builder.Property(row => row.SigningCurve).HasColumnName("signing_curve");
        builder.HasIndex(row => row.Did).IsUnique();
        builder.HasIndex(row => row.Handle).IsUnique();
        builder.HasIndex(row => row.Email).IsUnique();
        builder.HasIndex(row => new { row.CreatedAt, row.Did });
    }

    /// <summary>The account without what only the database and the signer need.</summary>
    public Account ToAccount() => new()
    {
        Did = Did,
        Handle = Handle,
        Email = Email,
        PasswordHash = PasswordHash,
        EmailConfirmedAt = EmailConfirmedAt,
        EmailAuthFactor = EmailAuthFactor,
        SignInEpoch = SignInEpoch,
        InvitesDisabled = InvitesDisabled,
        CreatedAt = CreatedAt,
        TakedownRef = TakedownRef,
        DeactivatedAt = DeactivatedAt,
        DeleteAfter = DeleteAfter,
    };

    /// <summary>Takes over everything that may change.</summary>
    public void Apply(Account account)
    {
        Handle = account.Handle;
        Email = account.Email;
        PasswordHash = account.PasswordHash;
        EmailConfirmedAt = account.EmailConfirmedAt;
        EmailAuthFactor = account.EmailAuthFactor;
        SignInEpoch = account.SignInEpoch;
        InvitesDisabled = account.InvitesDisabled;
        TakedownRef = account.TakedownRef;
        DeactivatedAt = account.DeactivatedAt;
        DeleteAfter = account.DeleteAfter;
    }
}

/// <summary>Rows that go with their account.</summary>
internal static class AccountChildren
{
    /// <summary>Names the account by its DID, as it is found without a join.</summary>
    public static void BelongsToAccount<TRow>(this EntityTypeBuilder<TRow> builder, string property = nameof(AccountRow.Did))
        where TRow : class =>
        builder.HasOne<AccountRow>().WithMany().HasForeignKey(property).HasPrincipalKey(row => row.Did).OnDelete(DeleteBehavior.Cascade);
}
