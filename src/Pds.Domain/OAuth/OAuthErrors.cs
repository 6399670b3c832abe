using Pds.Domain.Errors;

namespace Pds.Domain.OAuth;

/// <summary>Refusals of the authorization server, and of OAuth credentials at the resource server. Names as in RFC 6749, 7591, 9449 and 9126.</summary>
public static class OAuthErrors
{
    /// <summary>A parameter is missing, malformed, or at odds with another.</summary>
    public static readonly XrpcError InvalidRequest = new("invalid_request", XrpcErrorKind.Invalid);

    /// <summary>The body is larger than the endpoint takes.</summary>
    public static readonly XrpcError TooLarge = new("invalid_request", XrpcErrorKind.TooLarge);

    /// <summary>The client did not prove who it is.</summary>
    public static readonly XrpcError InvalidClient = new("invalid_client", XrpcErrorKind.Invalid);

    /// <summary>The client's metadata document cannot be had or breaks a rule.</summary>
    public static readonly XrpcError InvalidClientMetadata = new("invalid_client_metadata", XrpcErrorKind.Invalid);

    /// <summary>A redirect URI of the client's metadata breaks a rule.</summary>
    public static readonly XrpcError InvalidRedirectUri = new("invalid_redirect_uri", XrpcErrorKind.Invalid);

    /// <summary>A code or refresh token is wrong, over, used, or somebody else's.</summary>
    public static readonly XrpcError InvalidGrant = new("invalid_grant", XrpcErrorKind.Invalid);

    /// <summary>A scope is not the client's to ask for, or cannot be given.</summary>
    public static readonly XrpcError InvalidScope = new("invalid_scope", XrpcErrorKind.Invalid);

    /// <summary>Rich authorization requests are not served.</summary>
    public static readonly XrpcError InvalidAuthorizationDetails = new("invalid_authorization_details", XrpcErrorKind.Invalid);

    /// <summary>Only codes are given.</summary>
    public static readonly XrpcError UnsupportedResponseType = new("unsupported_response_type", XrpcErrorKind.Invalid);

    /// <summary>Only codes and refresh tokens are exchanged.</summary>
    public static readonly XrpcError UnsupportedGrantType = new("unsupported_grant_type", XrpcErrorKind.Invalid);

    /// <summary>The authorization server wants the nonce it sends along.</summary>
    public static readonly XrpcError UseDpopNonce = new("use_dpop_nonce", XrpcErrorKind.Invalid);

    /// <summary>The resource server wants the nonce it sends along.</summary>
    public static readonly XrpcError UseDpopNonceAtResource = new("use_dpop_nonce", XrpcErrorKind.Unauthenticated);

    /// <summary>The DPoP proof is missing, malformed, for another request, or was used.</summary>
    public static readonly XrpcError InvalidDpopProof = new("invalid_dpop_proof", XrpcErrorKind.Unauthenticated);

    /// <summary>The access token is wrong, over, revoked, or bound to another key.</summary>
    public static readonly XrpcError InvalidToken = new("invalid_token", XrpcErrorKind.Unauthenticated);

    /// <summary>The user said no, or the request is over; told by redirect.</summary>
    public static readonly XrpcError AccessDenied = new("access_denied", XrpcErrorKind.Invalid);

    /// <summary>The user has to sign in and must not be asked to; told by redirect.</summary>
    public static readonly XrpcError LoginRequired = new("login_required", XrpcErrorKind.Invalid);

    /// <summary>The user has to consent and must not be asked to; told by redirect.</summary>
    public static readonly XrpcError ConsentRequired = new("consent_required", XrpcErrorKind.Invalid);

    /// <summary>The user has to choose an account and must not be asked to; told by redirect.</summary>
    public static readonly XrpcError AccountSelectionRequired = new("account_selection_required", XrpcErrorKind.Invalid);

    /// <summary>A fault of the server.</summary>
    public static readonly XrpcError ServerError = new("server_error", XrpcErrorKind.Internal);

    /// <summary>The credential was not granted what the method needs; the message names the smallest scope that would do.</summary>
    public static readonly XrpcError ScopeMissing = new("ScopeMissingError", XrpcErrorKind.Forbidden);
}
