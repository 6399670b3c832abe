using Pds.Domain.Errors;

namespace Pds.Domain.Identity;

/// <summary>Refusals of <c>com.atproto.identity.*</c>.</summary>
public static class IdentityErrors
{
    /// <summary>The handle does not lead to a DID.</summary>
    public static readonly XrpcError HandleNotFound = new("HandleNotFound", XrpcErrorKind.Invalid);

    /// <summary>There is no such DID.</summary>
    public static readonly XrpcError DidNotFound = new("DidNotFound", XrpcErrorKind.Invalid);

    /// <summary>The DID was ended by its owner.</summary>
    public static readonly XrpcError DidDeactivated = new("DidDeactivated", XrpcErrorKind.Invalid);
}
