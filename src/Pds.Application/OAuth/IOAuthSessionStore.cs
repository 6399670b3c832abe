using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Keeps OAuth sessions. Secrets are kept as digests.</summary>
public interface IOAuthSessionStore
{
    /// <summary>Keeps a new session.</summary>
    /// <param name="proof">What the sign-in behind it was judged by.</param>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task AddAsync(SignInProof proof, OAuthSession session, CancellationToken cancellationToken);

    /// <summary>The session whose newest access token has an id, or <see langword="null"/>.</summary>
    ValueTask<OAuthSession?> FindByTokenAsync(string tokenId, CancellationToken cancellationToken);

    /// <summary>The session that a digest belongs to: of its refresh token, of an earlier one, or of the code it came from; <see langword="null"/> for none.</summary>
    ValueTask<OAuthSession?> FindBySecretAsync(string hash, CancellationToken cancellationToken);

    /// <summary>The sessions of an account, those that are over too.</summary>
    ValueTask<IReadOnlyList<OAuthSession>> ListAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Exchanges the refresh token, and keeps the digest of the old one to recognise it.</summary>
    /// <param name="renewed">The session with its new token id and refresh token.</param>
    /// <param name="usedHash">Digest of the refresh token that was shown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="false"/> when that token is not the current one any more.</returns>
    Task<bool> RotateAsync(OAuthSession renewed, string usedHash, CancellationToken cancellationToken);

    /// <summary>Ends a session, if it is there.</summary>
    Task RemoveAsync(string id, CancellationToken cancellationToken);
}

/// <summary>What a client was given: a chain of tokens for one account.</summary>
public sealed record OAuthSession
{
    /// <summary><c>ses-</c> and 32 hex digits; stays.</summary>
    public required string Id { get; init; }

    /// <summary>Claim <c>jti</c> of the newest access token; older ones are over.</summary>
    public required string TokenId { get; init; }

    /// <summary>The account.</summary>
    public required Did Did { get; init; }

    /// <summary>The client.</summary>
    public required string ClientId { get; init; }

    /// <summary>How the client proves who it is.</summary>
    public required ClientBinding Client { get; init; }

    /// <summary>Thumbprint of the key that the tokens are bound to.</summary>
    public required string DpopKey { get; init; }

    /// <summary>What was granted, in the words of the request: permission sets by name.</summary>
    public required string Scope { get; init; }

    /// <summary>What that grants, with permission sets opened; <see langword="null"/> when it includes none.</summary>
    public string? Permissions { get; init; }

    /// <summary>What counts, and what the client is told.</summary>
    public string EffectiveScope => Permissions ?? Scope;

    /// <summary>The browser it was granted in.</summary>
    public string? DeviceId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its tokens were made.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ends, if it is not used before then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Digest of the code it came from.</summary>
    public required string CodeHash { get; init; }

    /// <summary>Digest of the current refresh token; <see langword="null"/> when the client has none.</summary>
    public string? RefreshHash { get; init; }
}
