using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Infrastructure.Identity;

/// <summary>Where the documents of did:plc identifiers come from.</summary>
internal interface IPlcDocumentSource
{
    /// <summary>The current document, or <see langword="null"/> when the DID is unknown or tombstoned.</summary>
    /// <exception cref="Domain.Errors.XrpcException">UpstreamFailure, or InvalidRequest for something that is no DID document.</exception>
    Task<DidDocument?> FindDocumentAsync(Did did, CancellationToken cancellationToken);
}
