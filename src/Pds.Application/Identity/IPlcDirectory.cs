using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>The did:plc directory.</summary>
public interface IPlcDirectory
{
    /// <summary>Submits a signed operation.</summary>
    /// <exception cref="Domain.Errors.XrpcException">InvalidRequest when the directory refuses it; UpstreamFailure when it is out of order.</exception>
    Task SubmitAsync(Did did, PlcOperation operation, CancellationToken cancellationToken);

    /// <summary>The last operation of a DID, or <see langword="null"/> when it is unknown or tombstoned.</summary>
    /// <exception cref="Domain.Errors.XrpcException">UpstreamFailure when the directory is out of order.</exception>
    Task<PlcOperation?> FindLastAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Whether a DID was ended by its owner. A directory that keeps no history says no.</summary>
    /// <exception cref="Domain.Errors.XrpcException">UpstreamFailure when the directory is out of order.</exception>
    Task<bool> IsTombstonedAsync(Did did, CancellationToken cancellationToken) => Task.FromResult(false);
}
