namespace Pds.Domain.Errors;

/// <summary>What kind of refusal an <see cref="XrpcError"/> is; the HTTP status follows from it.</summary>
public enum XrpcErrorKind
{
    /// <summary>The request cannot be served as it stands (400). Missing records and repositories count here too.</summary>
    Invalid,

    /// <summary>The caller is not, or not properly, authenticated (401).</summary>
    Unauthenticated,

    /// <summary>The caller is known and may not do this (403).</summary>
    Forbidden,

    /// <summary>No answer can be given in a form that the caller accepts (406).</summary>
    NotAcceptable,

    /// <summary>The body is larger than allowed (413).</summary>
    TooLarge,

    /// <summary>The content type or encoding is not understood (415).</summary>
    UnsupportedMediaType,

    /// <summary>A rate limit is used up (429).</summary>
    RateLimited,

    /// <summary>A server that was asked on the caller's behalf failed (502).</summary>
    UpstreamFailed,

    /// <summary>The server has no capacity for the request now (503).</summary>
    Unavailable,

    /// <summary>Something that was waited for did not come in time (504).</summary>
    UpstreamTimeout,

    /// <summary>A fault of ours (500).</summary>
    Internal,

    /// <summary>The server has no storage left for what it should keep (507).</summary>
    StorageFull,

    /// <summary>The client took too long (408).</summary>
    TimedOut,
}
