using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Keeps refresh tokens: the part of a session that can be revoked.</summary>
public interface ISessionStore
{
    /// <summary>Begins a session: keeps a refresh token of the account and the app password that were signed in with.</summary>
    /// <param name="proof">What the sign-in was judged by.</param>
    /// <param name="id">Claim <c>jti</c>.</param>
    /// <param name="expiresAt">When it stops working.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task AddAsync(SignInProof proof, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Exchanges a refresh token for its successor by the rule of <see cref="RefreshToken.Rotate"/>, in one transaction, and drops the account's expired ones.</summary>
    /// <param name="id">Claim <c>jti</c> of the token shown.</param>
    /// <param name="candidateId">Id of the successor, unless the token has one already.</param>
    /// <param name="now">The time of the exchange.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> when the token is unknown, revoked or past its grace period, or its app password is gone.</returns>
    Task<SessionRotation?> RotateAsync(string id, string candidateId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The refresh tokens of an account, used and expired ones too.</summary>
    ValueTask<IReadOnlyList<RefreshToken>> ListAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Ends a session: forgets a refresh token of an account, and those before it, which would bring it back.</summary>
    Task EndAsync(Did did, string id, CancellationToken cancellationToken);
}

/// <summary>A refresh token as kept.</summary>
/// <param name="Id">Claim <c>jti</c>.</param>
/// <param name="Did">Whose.</param>
/// <param name="ExpiresAt">When it stops working.</param>
/// <param name="NextId">Id of its successor once it was used.</param>
/// <param name="AppPasswordName">The app password it came from; <see langword="null"/> for the account password.</param>
public sealed record RefreshToken(string Id, Did Did, DateTimeOffset ExpiresAt, string? NextId, string? AppPasswordName)
{
    /// <summary>How long a used token goes on working, so that tabs and lost answers do not sign people out: 2 hours.</summary>
    public static readonly TimeSpan GracePeriod = TimeSpan.FromHours(2);

    /// <summary>The exchange: every use within the grace period names the same successor.</summary>
    /// <returns>This token as it stays, and its successor; <see langword="null"/> when it is over.</returns>
    public (RefreshToken Used, RefreshToken Successor)? Rotate(string candidateId, DateTimeOffset now)
    {
        DateTimeOffset graceEnd = now + GracePeriod;
        DateTimeOffset end = ExpiresAt < graceEnd ? ExpiresAt : graceEnd;
        if (end <= now)
        {
            return null;
        }

        RefreshToken used = this with { ExpiresAt = end, NextId = NextId ?? candidateId };
        return (used, new RefreshToken(used.NextId, Did, now + SessionTokens.RefreshLifetime, null, AppPasswordName));
    }
}

/// <summary>The outcome of an exchange.</summary>
/// <param name="Successor">The token to use from now on.</param>
/// <param name="AppPassword">The app password the session came from; <see langword="null"/> for the account password.</param>
public sealed record SessionRotation(RefreshToken Successor, AppPassword? AppPassword);
