using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.Pipeline;

/// <summary>Who sends a message, as far as authentication could tell.</summary>
public abstract record Caller
{
    private Caller()
    {
    }

    /// <summary>Nobody in particular.</summary>
    public sealed record Anonymous : Caller
    {
        /// <summary>The only value.</summary>
        public static readonly Anonymous Instance = new();
    }

    /// <summary>An account, signed in by a session token.</summary>
    /// <param name="Did">The account.</param>
    /// <param name="Scope">What kind of session.</param>
    public sealed record Session(Did Did, SessionScope Scope) : Caller
    {
        /// <summary>
        /// Id of the refresh token that the access token came with; empty when the token names none. <see langword="null"/> without a token: a page or a host vouches.
        /// </summary>
        public string? Id { get; init; }

        /// <summary>The browser that remembers the sign-in and shows the page; <see langword="null"/> when it is none.</summary>
        public string? DeviceId { get; init; }
    }

    /// <summary>A client that an account has given rights to, by an OAuth access token and a proof of its key.</summary>
    /// <param name="Did">The account.</param>
    /// <param name="ClientId">The client.</param>
    /// <param name="Scopes">What was granted.</param>
    public sealed record OAuth(Did Did, string ClientId, ScopeSet Scopes) : Caller;

    /// <summary>Somebody with the operator's rights for this call.</summary>
    /// <param name="Name">Who, for the audit trail.</param>
    public sealed record Admin(string Name) : Caller
    {
        /// <summary>The bearer of the admin password.</summary>
        public static readonly Admin Instance = new("admin");
    }

    /// <summary>A signed service token: the issuer vouches for one method call.</summary>
    /// <param name="Issuer">Whose key signed.</param>
    /// <param name="Method">The method the token is for.</param>
    public sealed record Service(Did Issuer, Nsid Method) : Caller;

    /// <summary>The account that asks; <see langword="null"/> for the operator, services and strangers.</summary>
    public Did? Account => this switch
    {
        Session session => session.Did,
        OAuth client => client.Did,
        _ => null,
    };
}

/// <summary>Kinds of session tokens (claim <c>scope</c>), strongest first.</summary>
public enum SessionScope
{
    /// <summary><c>com.atproto.access</c>: signed in with the account password.</summary>
    Access,

    /// <summary><c>com.atproto.appPassPrivileged</c>.</summary>
    AppPassPrivileged,

    /// <summary><c>com.atproto.appPass</c>.</summary>
    AppPass,

    /// <summary><c>com.atproto.takendown</c>: a taken-down account that may only leave.</summary>
    Takendown,

    /// <summary><c>com.atproto.signupQueued</c>.</summary>
    SignupQueued,
}
