using Pds.Domain.Identifiers;

namespace Pds.Application.Identity;

/// <summary>Finds the DID behind a handle that is not ours, by DNS and HTTPS.</summary>
public interface IHandleResolver
{
    /// <summary>The DID that the handle's owner publishes now, or <see langword="null"/>. Always asked anew: what handle changes and new accounts are decided by.</summary>
    ValueTask<Did?> ResolveAsync(Handle handle, CancellationToken cancellationToken);

    /// <summary>As <see cref="ResolveAsync"/>, but an answer of the last minutes will do.</summary>
    ValueTask<Did?> ResolveCachedAsync(Handle handle, CancellationToken cancellationToken) => ResolveAsync(handle, cancellationToken);
}
