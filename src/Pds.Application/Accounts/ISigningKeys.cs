using Pds.Application.Moderation;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;

namespace Pds.Application.Accounts;

/// <summary>Keys made before the account that will use them.</summary>
public interface IReservedKeyStore
{
    /// <summary>The key reserved for a DID, made now if there is none; without a DID always a new one.</summary>
    Task<PublicKey> ReserveAsync(Did? did, CancellationToken cancellationToken);

    /// <summary>The signer of a key that was reserved for a DID, or for nobody in particular; <see langword="null"/> when there is none.</summary>
    ValueTask<ISigner?> FindAsync(Did did, PublicKey key, CancellationToken cancellationToken);

    /// <summary>The private scalar of the key reserved for a DID, 32 bytes; <see langword="null"/> when none is.</summary>
    ValueTask<byte[]?> OpenAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Makes a reserved key the signing key of an account and announces that, all or nothing. The key it had is destroyed.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="key">The reserved key.</param>
    /// <param name="announcement">What relays are told.</param>
    /// <param name="audit">The row of the audit trail that is kept with it; <see langword="null"/> for none.</param>
    /// <exception cref="InvalidOperationException">The account or the key is gone.</exception>
    Task UseAsync(Did did, PublicKey key, RepoEvent announcement, AuditNote? audit);
}
