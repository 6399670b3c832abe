using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Keeps e-mailed tokens: one for each purpose and account.</summary>
public interface IEmailTokenStore
{
    /// <summary>Keeps a token in place of the last one of its purpose and account.</summary>
    /// <param name="token">The token.</param>
    /// <param name="proof">The account whose address it is mailed to, as it was read: a token must not reach an address that was changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task ReplaceAsync(EmailToken token, SignInProof proof, CancellationToken cancellationToken);

    /// <summary>The token of a purpose and account, whatever its age, or <see langword="null"/>.</summary>
    ValueTask<EmailToken?> FindAsync(EmailTokenPurpose purpose, Did did, CancellationToken cancellationToken);

    /// <summary>The token of a purpose whose account is not known yet, by its hash, or <see langword="null"/>.</summary>
    ValueTask<EmailToken?> FindAsync(EmailTokenPurpose purpose, string hash, CancellationToken cancellationToken);

    /// <summary>Uses up a token: of several who ask at the same time, one gets it.</summary>
    /// <returns>Whether it was there; another one in its place does not count.</returns>
    Task<bool> RemoveAsync(EmailToken token, CancellationToken cancellationToken);
}

/// <summary>What an e-mailed token allows.</summary>
public enum EmailTokenPurpose
{
    /// <summary>To confirm the address.</summary>
    ConfirmEmail,

    /// <summary>To change the address.</summary>
    UpdateEmail,

    /// <summary>To set a new password; the token alone names the account.</summary>
    ResetPassword,

    /// <summary>To delete the account.</summary>
    DeleteAccount,

    /// <summary>To have a PLC operation signed.</summary>
    PlcOperation,

    /// <summary>To sign in, beside the password.</summary>
    SignIn,
}

/// <summary>An e-mailed token as kept.</summary>
/// <param name="Purpose">What it allows.</param>
/// <param name="Did">To whom.</param>
/// <param name="Hash">Keyed hash of its text in hex; the text itself is only in the mail.</param>
/// <param name="RequestedAt">When it was made; it lives for 15 minutes.</param>
public sealed record EmailToken(EmailTokenPurpose Purpose, Did Did, string Hash, DateTimeOffset RequestedAt)
{
    /// <summary>How long a token works: 15 minutes.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Without the hash, from which nothing follows for a reader.</summary>
    public override string ToString() => $"{Purpose} of {Did}";
}
