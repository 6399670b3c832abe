using Pds.Domain.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>An account of this server.</summary>
public sealed record Account
{
    /// <summary>Its DID, never changing.</summary>
    public required Did Did { get; init; }

    /// <summary>Its handle; <see langword="null"/> is shown as <c>handle.invalid</c>.</summary>
    public required Handle? Handle { get; init; }

    /// <summary>E-mail address in lower case; <see langword="null"/> when none was given.</summary>
    public string? Email { get; init; }

    /// <summary>When the address was confirmed.</summary>
    public DateTimeOffset? EmailConfirmedAt { get; init; }

    /// <summary>Whether its owner wants signing in to need a token from the mailbox, too.</summary>
    public bool EmailAuthFactor { get; init; }

    /// <summary>Password hash (<c>saltHex:hashHex</c>, scrypt); <see langword="null"/> for accounts without a password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Rises with every change of what signs in to the account, or whether anything does, see <see cref="SignInProof"/>. Stores raise it; 0 at first.</summary>
    public long SignInEpoch { get; init; }

    /// <summary>When it was made here.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The operator's note on why it is taken down; <see langword="null"/> when it is not.</summary>
    public string? TakedownRef { get; init; }

    /// <summary>When it was deactivated; <see langword="null"/> when it is not.</summary>
    public DateTimeOffset? DeactivatedAt { get; init; }

    /// <summary>Earliest time of its deletion, as asked for by its owner.</summary>
    public DateTimeOffset? DeleteAfter { get; init; }

    /// <summary>Whether the operator took away its right to make invite codes.</summary>
    public bool InvitesDisabled { get; init; }

    /// <summary>Why it is not active, most severe reason first; <see langword="null"/> when it is.</summary>
    public AccountStatus? Status => TakedownRef is not null ? AccountStatus.Takendown : DeactivatedAt is not null ? AccountStatus.Deactivated : null;

    /// <summary>Whether its public data is served.</summary>
    public bool IsActive => Status is null;

    /// <summary>Whether signing in does need a token from the mailbox: only an address that was confirmed can be asked for one.</summary>
    public bool NeedsSignInToken => EmailAuthFactor && Email is not null && EmailConfirmedAt is not null;

    /// <summary>What is shown as its handle: <c>handle.invalid</c> when it has none.</summary>
    public Handle ShownHandle => Handle ?? Domain.Identifiers.Handle.Invalid;

    /// <summary>DID and status only: address and password hash stay out of logs.</summary>
    public override string ToString() => $"{Did} ({Status?.ToString() ?? "active"})";
}
