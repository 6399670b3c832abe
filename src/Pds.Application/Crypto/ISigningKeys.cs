using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Application.Crypto;

/// <summary>The keys that sign the repositories of this server's accounts.</summary>
public interface ISigningKeys
{
    /// <summary>The signer of an account.</summary>
    /// <exception cref="Domain.Errors.XrpcException">RepoNotFound: no such account here.</exception>
    ValueTask<ISigner> GetAsync(Did did, CancellationToken cancellationToken);
}
