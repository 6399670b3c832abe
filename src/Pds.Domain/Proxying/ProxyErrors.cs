using Pds.Domain.Errors;

namespace Pds.Domain.Proxying;

/// <summary>Refusals around other people's services.</summary>
public static class ProxyErrors
{
    /// <summary>No content encoding suits both the client and this server.</summary>
    public static readonly XrpcError NotAcceptable = new("NotAcceptable", XrpcErrorKind.NotAcceptable);

    /// <summary>The feed has no generator that could be asked.</summary>
    public static readonly XrpcError UnknownFeed = new("UnknownFeed", XrpcErrorKind.Invalid);

    /// <summary>What a service calls a post that it does not know (yet).</summary>
    public const string NotFound = "NotFound";

    /// <summary>The name of a refusal whose service gave none.</summary>
    /// <param name="status">Its HTTP status, 400 or more.</param>
    public static string NameOf(int status) => status switch
    {
        401 => "AuthenticationRequired",
        403 => "Forbidden",
        404 => "XRPCNotSupported",
        406 => "NotAcceptable",
        413 => "PayloadTooLarge",
        415 => "UnsupportedMediaType",
        429 => "RateLimitExceeded",
        501 => "MethodNotImplemented",
        500 or 502 => "UpstreamFailure",
        503 => "NotEnoughResources",
        504 => "UpstreamTimeout",
        > 504 => "UpstreamFailure",
        _ => "InvalidRequest",
    };
}
