using Pds.Domain.Errors;

namespace Pds.Domain.Accounts;

/// <summary>Refusals of service tokens, all 401.</summary>
public static class ServiceAuthErrors
{
    /// <summary>Not three parts, not JSON, or a claim is missing.</summary>
    public static readonly XrpcError BadJwt = new("BadJwt", XrpcErrorKind.Unauthenticated);

    /// <summary>A token of a user where a service token belongs.</summary>
    public static readonly XrpcError BadJwtType = new("BadJwtType", XrpcErrorKind.Unauthenticated);

    /// <summary>The token is over, or lives too long.</summary>
    public static readonly XrpcError JwtExpired = new("JwtExpired", XrpcErrorKind.Unauthenticated);

    /// <summary>The token was used before, for a method that changes something.</summary>
    public static readonly XrpcError JwtReplayed = new("JwtReplayed", XrpcErrorKind.Unauthenticated);

    /// <summary>The token is for another method.</summary>
    public static readonly XrpcError BadJwtLexiconMethod = new("BadJwtLexiconMethod", XrpcErrorKind.Unauthenticated);

    /// <summary>The issuer is not a DID.</summary>
    public static readonly XrpcError BadJwtIss = new("BadJwtIss", XrpcErrorKind.Unauthenticated);

    /// <summary>The issuer may not call this method.</summary>
    public static readonly XrpcError UntrustedIss = new("UntrustedIss", XrpcErrorKind.Unauthenticated);

    /// <summary>The signature is not the issuer's.</summary>
    public static readonly XrpcError BadJwtSignature = new("BadJwtSignature", XrpcErrorKind.Unauthenticated);

    /// <summary>The token is for another server.</summary>
    public static readonly XrpcError BadJwtAudience = new("BadJwtAudience", XrpcErrorKind.Unauthenticated);
}
