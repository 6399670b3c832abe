using Pds.Application.Pipeline;

namespace Pds.Api.Xrpc;

/// <summary>Bounds of an integer parameter; outside of them the request is refused.</summary>
/// <param name="minimum">Smallest value.</param>
/// <param name="maximum">Largest value.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class XrpcRangeAttribute(long minimum, long maximum) : Attribute
{
    /// <summary>Smallest value.</summary>
    public long Minimum => minimum;

    /// <summary>Largest value.</summary>
    public long Maximum => maximum;
}

/// <summary>How a <see cref="Caller"/> parameter is bound.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class XrpcCallerAttribute : Attribute
{
    /// <summary>
    /// Whether strangers get past the binding of a procedure: without an <c>Authorization</c> header the caller is anonymous. Bad credentials are refused all
    /// the same. Default <see langword="false"/>. Queries let strangers through always; what their message requires decides.
    /// </summary>
    public bool Optional { get; set; }
}

/// <summary>The kinds of credentials that open a method, or all methods of a controller that say nothing themselves. Default <see cref="CallerKinds.AsPermitted"/>.</summary>
/// <param name="kinds">The kinds.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class XrpcOpenToAttribute(CallerKinds kinds) : Attribute
{
    /// <summary>The kinds of credentials.</summary>
    public CallerKinds Kinds => kinds;
}

/// <summary>The answer carries a token and must not be stored anywhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XrpcNoStoreAttribute : Attribute;

/// <summary>The answer is never compressed: it is what somebody uploaded, byte for byte.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XrpcUncompressedAttribute : Attribute;

/// <summary>The method answers over a WebSocket; other requests to it get 426.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class XrpcSubscriptionAttribute : Attribute;
