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
    /// <exception cref="Domain.Errors.XrpcException">The source could not be reached, or the method is not supported.</exception>
    ValueTask<DidDocument?> ResolveAsync(Did did, bool refresh, CancellationToken cancellationToken);
}

/// <summary>Finds the DID behind a handle that is not ours, by DNS and HTTPS.</summary>
public interface IHandleResolver
{
    /// <summary>The DID that the handle's owner published, or <see langword="null"/>.</summary>
    ValueTask<Did?> ResolveAsync(Handle handle, CancellationToken cancellationToken);
}
