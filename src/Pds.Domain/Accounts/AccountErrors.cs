using Pds.Domain.Errors;

namespace Pds.Domain.Accounts;

/// <summary>Refusals of <c>com.atproto.server.*</c> and of account administration.</summary>
public static class AccountErrors
{
    /// <summary>The handle is not a handle, or not one this server gives out.</summary>
    public static readonly XrpcError InvalidHandle = new("InvalidHandle", XrpcErrorKind.Invalid);

    /// <summary>The handle is reserved or belongs to another account, active or not.</summary>
    public static readonly XrpcError HandleNotAvailable = new("HandleNotAvailable", XrpcErrorKind.Invalid);

    /// <summary>The handle does not lie under a domain of this server.</summary>
    public static readonly XrpcError UnsupportedDomain = new("UnsupportedDomain", XrpcErrorKind.Invalid);

    /// <summary>The password is too short or too long.</summary>
    public static readonly XrpcError InvalidPassword = new("InvalidPassword", XrpcErrorKind.Invalid);

    /// <summary>The invite code is missing, unknown, disabled or used up.</summary>
    public static readonly XrpcError InvalidInviteCode = new("InvalidInviteCode", XrpcErrorKind.Invalid);

    /// <summary>There is an account for this DID already.</summary>
    public static readonly XrpcError AlreadyExists = new("AlreadyExists", XrpcErrorKind.Invalid);

    /// <summary>Routine invite codes were made by two requests at once.</summary>
    public static readonly XrpcError DuplicateCreate = new("DuplicateCreate", XrpcErrorKind.Invalid);

    /// <summary>There is no account to activate: a refusal of the request, where <see cref="AuthErrors.AccountNotFound"/> refuses the caller.</summary>
    public static readonly XrpcError NoSuchAccount = new("AccountNotFound", XrpcErrorKind.Invalid);

    /// <summary>What an administrator asks about is not here.</summary>
    public static readonly XrpcError NotFound = new("NotFound", XrpcErrorKind.Invalid);

    /// <summary>The address is none, or not the account's.</summary>
    public static readonly XrpcError InvalidEmail = new("InvalidEmail", XrpcErrorKind.Invalid);

    /// <summary>What is asked for needs a token from the mailbox, and none came.</summary>
    public static readonly XrpcError TokenRequired = new("TokenRequired", XrpcErrorKind.Invalid);

    /// <summary>Signing in needs a token from the mailbox, where it was sent to.</summary>
    public static readonly XrpcError AuthFactorTokenRequired = new("AuthFactorTokenRequired", XrpcErrorKind.Unauthenticated);

    /// <summary>An e-mailed token is wrong, or was used.</summary>
    public static readonly XrpcError InvalidToken = new("InvalidToken", XrpcErrorKind.Invalid);

    /// <summary>An e-mailed token or a session is over.</summary>
    public static readonly XrpcError ExpiredToken = new("ExpiredToken", XrpcErrorKind.Invalid);

    /// <summary>A service token was asked for with a lifetime that is not allowed.</summary>
    public static readonly XrpcError BadExpiration = new("BadExpiration", XrpcErrorKind.Invalid);
}
