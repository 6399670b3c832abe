using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Finds out about clients.</summary>
public interface IClientMetadataSource
{
    /// <summary>What a client says of itself, not older than 10 minutes.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="allowStale">Whether metadata up to 24 hours old will do for a public client when newer cannot be had.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">invalid_client_metadata, invalid_redirect_uri.</exception>
    ValueTask<ClientMetadata> GetAsync(string clientId, bool allowStale, CancellationToken cancellationToken);

    /// <summary>The public keys of a confidential client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="refresh">Whether to ask anew, because the key looked for was not there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">invalid_client_metadata.</exception>
    ValueTask<IReadOnlyList<JsonWebKey>> GetKeysAsync(ClientMetadata client, bool refresh, CancellationToken cancellationToken);
}
