using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Refusals of credentials. Clients act on status and name, odd as some pairs are.</summary>
public static class AuthenticationErrors
{
    /// <summary>A method that needs a credential was called without one.</summary>
    public static readonly XrpcError AuthMissing = new("AuthMissing", XrpcErrorKind.Unauthenticated);

    /// <summary>The credential is wrong, or not one for this method.</summary>
    public static readonly XrpcError AuthenticationRequired = new("AuthenticationRequired", XrpcErrorKind.Unauthenticated);

    /// <summary>A session token that is malformed, forged or of the wrong kind: 400, as clients expect.</summary>
    public static readonly XrpcError InvalidToken = new("InvalidToken", XrpcErrorKind.Invalid);

    /// <summary>A session token that is over: 400, on which clients refresh.</summary>
    public static readonly XrpcError ExpiredToken = new("ExpiredToken", XrpcErrorKind.Invalid);

    /// <summary>A refresh token without <c>jti</c>.</summary>
    public static readonly XrpcError MissingTokenId = new("MissingTokenId", XrpcErrorKind.Unauthenticated);

    /// <summary>Not three parts, not JSON, or a claim is missing.</summary>
    public static readonly XrpcError BadJwt = new("BadJwt", XrpcErrorKind.Unauthenticated);

    /// <summary>A token of a user where a service token belongs.</summary>
    public static readonly XrpcError BadJwtType = new("BadJwtType", XrpcErrorKind.Unauthenticated);

    /// <summary>A service token that is over, or lives too long.</summary>
    public static readonly XrpcError JwtExpired = new("JwtExpired", XrpcErrorKind.Unauthenticated);

    /// <summary>A service token for another method.</summary>
    public static readonly XrpcError BadJwtLexiconMethod = new("BadJwtLexiconMethod", XrpcErrorKind.Unauthenticated);

    /// <summary>The issuer of a service token is not a DID.</summary>
    public static readonly XrpcError BadJwtIss = new("BadJwtIss", XrpcErrorKind.Unauthenticated);

    /// <summary>The issuer may not call this method.</summary>
    public static readonly XrpcError UntrustedIss = new("UntrustedIss", XrpcErrorKind.Unauthenticated);

    /// <summary>The signature is not the issuer's.</summary>
    public static readonly XrpcError BadJwtSignature = new("BadJwtSignature", XrpcErrorKind.Unauthenticated);

    /// <summary>A service token for another server.</summary>
    public static readonly XrpcError BadJwtAudience = new("BadJwtAudience", XrpcErrorKind.Unauthenticated);

    /// <summary>A method for services was called without a token.</summary>
    public static readonly XrpcError MissingJwt = new("MissingJwt", XrpcErrorKind.Unauthenticated);
}
