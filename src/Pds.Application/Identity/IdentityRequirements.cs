using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>What use cases ask of directories again and again.</summary>
internal static class IdentityRequirements
{
    /// <summary>Requires a DID that the PLC directory keeps.</summary>
    /// <exception cref="XrpcException">InvalidRequest.</exception>
    public static void RequirePlc(this Did did)
    {
        if (did.Method != "plc")
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"PLC operations are for did:plc only; the document of {did} is changed by whoever hosts it.");
        }
    }

    /// <summary>The last operation of a DID; never a tombstone.</summary>
    /// <exception cref="XrpcException">InvalidRequest when there is none; UpstreamFailure when the directory is out of order.</exception>
    public static async Task<PlcOperation> RequireLastAsync(this IPlcDirectory directory, Did did, CancellationToken cancellationToken)
    {
        if (await directory.FindLastAsync(did, cancellationToken) is { Data: not null } last)
        {
            return last;
        }

        throw new XrpcException(RequestErrors.InvalidRequest, await directory.IsTombstonedAsync(did, cancellationToken) ? "Did is tombstoned" : "Could not find the DID in the PLC directory");
    }

    /// <summary>Brings the cached document up to date; a failure is not worth one, since the cache forgets in time.</summary>
    public static async Task TryRefreshAsync(this IDidResolver resolver, Did did, CancellationToken cancellationToken)
    {
        try
        {
            await resolver.ResolveAsync(did, refresh: true, cancellationToken);
        }
        catch (XrpcException)
        {
            // the resolver logs what went wrong
        }
    }
}
