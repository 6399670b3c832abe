using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>What a sign-in was judged by. Whatever it leads to is kept only while that holds, which the store judges inside the transaction that keeps it.</summary>
/// <remarks>
/// Judging takes time (a slow hash, a second factor, a page that waits), in which a password is reset, an app password revoked, a browser signed out. Each
/// change of what signs in to an account raises its <see cref="Accounts.Account.SignInEpoch"/>; credentials that end on their own are looked up again.
/// Read the account first and judge afterwards: what changed before the reading is seen by the judge, what changes later by the store.
/// </remarks>
public sealed record SignInProof
{
    private SignInProof(Did account, long epoch) => (Account, Epoch) = (account, epoch);

    /// <summary>The account that was signed in to.</summary>
    public Did Account { get; }

    /// <summary>The account's sign-in epoch when it was judged.</summary>
    public long Epoch { get; }

    /// <summary>The credential that must still be there; <see langword="null"/> for what the epoch alone tells, such as the password.</summary>
    public SignInCredential? Credential { get; private init; }

    /// <summary>By the account as it was read before anything was judged.</summary>
    public static SignInProof Of(Account account) => new(account.Did, account.SignInEpoch);

    /// <summary>By the caller's credential, and by the account as it was read before anything was judged.</summary>
    public static SignInProof Of(Account account, Caller caller) => caller switch
    {
        Caller.Session { Id: { Length: > 0 } id } => Of(account).By(new SignInCredential.Session(id)),
        Caller.Session { DeviceId: { } device } => Of(account).By(new SignInCredential.Browser(device)),
        _ => Of(account),
    };

    /// <summary>As it was kept with something that waits.</summary>
    /// <param name="account">The account.</param>
    /// <param name="epoch">The sign-in epoch when it was judged.</param>
    public static SignInProof Kept(Did account, long epoch) => new(account, epoch);

    /// <summary>The refusal of a sign-in whose credential has changed or ended.</summary>
    public static XrpcException Over() => new(AuthErrors.AuthenticationRequired, "How this account signs in has changed in the meantime. Sign in again.");

    /// <summary>The same, for as long as a credential is there.</summary>
    public SignInProof By(SignInCredential credential) => this with { Credential = credential };

    /// <summary>Whether nothing has changed about signing in to the account; says nothing about <see cref="Credential"/>.</summary>
    public bool IsCurrent(Account current) => current.Did == Account && current.SignInEpoch == Epoch;
}

/// <summary>A credential that ends on its own, while the account goes on.</summary>
public abstract record SignInCredential
{
    private SignInCredential()
    {
    }

    /// <summary>An app password.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Hash">Its hash, by which it is told from another one of that name.</param>
    public sealed record AppPassword(string Name, string Hash) : SignInCredential
    {
        /// <summary>The name only: the hash stays out of logs.</summary>
        public override string ToString() => Name;
    }

    /// <summary>A passkey of the account.</summary>
    /// <param name="Id">Its credential id.</param>
    public sealed record Passkey(string Id) : SignInCredential;

    /// <summary>A browser that remembers the sign-in.</summary>
    /// <param name="DeviceId">The browser.</param>
    public sealed record Browser(string DeviceId) : SignInCredential;

    /// <summary>A session of the account.</summary>
    /// <param name="RefreshTokenId">Claim <c>jti</c> of one of its refresh tokens.</param>
    public sealed record Session(string RefreshTokenId) : SignInCredential;
}
