using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>The signing keys of hosted repositories.</summary>
public interface ISigningKeys
{
    /// <summary>The signer of an account's repository; kept at hand, so asking for every commit is cheap.</summary>
    /// <exception cref="Domain.Errors.XrpcException">RepoNotFound.</exception>
    ValueTask<ISigner> GetAsync(Did did, CancellationToken cancellationToken);
}

/// <summary>Keys made before the account that will use them.</summary>
public interface IReservedKeyStore
{
    /// <summary>The key reserved for a DID, made now if there is none; without a DID always a new one.</summary>
    Task<PublicKey> ReserveAsync(Did? did, CancellationToken cancellationToken);
}
