namespace Pds.Domain.Errors;

/// <summary>Refusals of credentials. Clients act on name and status together, so both follow the network's habit: a bad token is 400, a missing one 401.</summary>
public static class AuthErrors
{
    /// <summary>What a caller without usable credentials is told, in the words of the reference.</summary>
    public const string CredentialsRequired = "Authentication Required";

    /// <summary>The method needs credentials and none came.</summary>
    public static readonly XrpcError AuthMissing = new("AuthMissing", XrpcErrorKind.Unauthenticated);

    /// <summary>The credentials are wrong, or of the wrong kind for the method.</summary>
    public static readonly XrpcError AuthenticationRequired = new("AuthenticationRequired", XrpcErrorKind.Unauthenticated);

    /// <summary>The token or its header is malformed, forged, or of a scope that the method does not accept.</summary>
    public static readonly XrpcError InvalidToken = new("InvalidToken", XrpcErrorKind.Invalid);

    /// <summary>The token was good once; clients refresh on exactly this.</summary>
    public static readonly XrpcError ExpiredToken = new("ExpiredToken", XrpcErrorKind.Invalid);

    /// <summary>A refresh token without an id.</summary>
    public static readonly XrpcError MissingTokenId = new("MissingTokenId", XrpcErrorKind.Unauthenticated);

    /// <summary>The account of the token is not on this server any more.</summary>
    public static readonly XrpcError AccountNotFound = new("AccountNotFound", XrpcErrorKind.Forbidden);

    /// <summary>The account is taken down.</summary>
    public static readonly XrpcError AccountTakedown = new("AccountTakedown", XrpcErrorKind.Unauthenticated);

    /// <summary>The account is deactivated.</summary>
    public static readonly XrpcError AccountDeactivated = new("AccountDeactivated", XrpcErrorKind.Unauthenticated);

    /// <summary>The caller is known and may not do this.</summary>
    public static readonly XrpcError Forbidden = new("Forbidden", XrpcErrorKind.Forbidden);
}
