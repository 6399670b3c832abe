namespace Pds.Domain.Errors;

/// <summary>Refusals that any method may answer with.</summary>
public static class RequestErrors
{
    /// <summary>A parameter, the body or the combination of both is not acceptable.</summary>
    public static readonly XrpcError InvalidRequest = new("InvalidRequest", XrpcErrorKind.Invalid);

    /// <summary>The body, once decoded, is larger than the method allows.</summary>
    public static readonly XrpcError PayloadTooLarge = new("PayloadTooLarge", XrpcErrorKind.TooLarge);

    /// <summary>A JSON or text body, once decoded, is larger than the method allows; uploads answer <see cref="PayloadTooLarge"/>.</summary>
    public static readonly XrpcError JsonTooLarge = new("PayloadTooLargeError", XrpcErrorKind.TooLarge);

    /// <summary>The body is not JSON.</summary>
    public static readonly XrpcError SyntaxError = new("SyntaxError", XrpcErrorKind.Invalid);

    /// <summary>A fault of the server; its details are in the log only.</summary>
    public static readonly XrpcError InternalServerError = new("InternalServerError", XrpcErrorKind.Internal);

    /// <summary>A server that was asked on the caller's behalf, or an upload, took too long.</summary>
    public static readonly XrpcError UpstreamTimeout = new("UpstreamTimeout", XrpcErrorKind.UpstreamTimeout);

    /// <summary>The body of a request, or its answer, took too long on the client's side.</summary>
    public static readonly XrpcError RequestTimeout = new("RequestTimeout", XrpcErrorKind.TimedOut);

    /// <summary>The content encoding is not known, or there are too many of them.</summary>
    public static readonly XrpcError UnsupportedMediaType = new("UnsupportedMediaType", XrpcErrorKind.UnsupportedMediaType);

    /// <summary>A rate limit is used up.</summary>
    public static readonly XrpcError RateLimitExceeded = new("RateLimitExceeded", XrpcErrorKind.RateLimited);

    /// <summary>A server that was asked on the caller's behalf failed.</summary>
    public static readonly XrpcError UpstreamFailure = new("UpstreamFailure", XrpcErrorKind.UpstreamFailed);

    /// <summary>The server has no capacity for the request now.</summary>
    public static readonly XrpcError NotEnoughResources = new("NotEnoughResources", XrpcErrorKind.Unavailable);

    /// <summary>The server's disk is full; nothing of the request was kept.</summary>
    public static readonly XrpcError InsufficientStorage = new("InsufficientStorage", XrpcErrorKind.StorageFull);
}
