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
    Task<PlcOperation?> FindLastAsync(Did did, CancellationToken cancellationToken);
}
