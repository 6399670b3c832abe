using Pds.Domain.Errors;

namespace Pds.Domain.Sync;

/// <summary>Refusals of <c>com.atproto.sync.subscribeRepos</c>; all but the last come as error frames.</summary>
public static class SyncErrors
{
    /// <summary>The cursor is greater than every sequence number there is.</summary>
    public static readonly XrpcError FutureCursor = new("FutureCursor", XrpcErrorKind.Invalid);

    /// <summary>The subscriber does not keep up with the events; it may come back with its cursor.</summary>
    public static readonly XrpcError ConsumerTooSlow = new("ConsumerTooSlow", XrpcErrorKind.Invalid);

    /// <summary>The method is a stream and the request does not ask for a WebSocket; answered with status 426.</summary>
    public static readonly XrpcError UpgradeRequired = new("UpgradeRequired", XrpcErrorKind.Invalid);
}
