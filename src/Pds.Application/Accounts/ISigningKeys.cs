using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Keys made before the account that will use them.</summary>
public interface IReservedKeyStore
{
    /// <summary>The key reserved for a DID, made now if there is none; without a DID always a new one.</summary>
    Task<PublicKey> ReserveAsync(Did? did, CancellationToken cancellationToken);
}
