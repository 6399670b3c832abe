using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>Finds DID documents, ours and other people's, through a cache.</summary>
public interface IDidResolver
{
    /// <summary>The document, or <see langword="null"/> when the DID does not exist (any more).</summary>
    /// <param name="did">The DID.</param>
    /// <param name="refresh">Ask the source even if a cached document is fresh.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">UpstreamFailure when the source could not be reached; InvalidRequest when the method is not supported or the document is not one.</exception>
    ValueTask<DidDocument?> ResolveAsync(Did did, bool refresh, CancellationToken cancellationToken);
}
