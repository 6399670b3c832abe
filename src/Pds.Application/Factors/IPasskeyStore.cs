using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Keeps passkeys: the public halves of keys that browsers, phones and security keys hold.</summary>
public interface IPasskeyStore
{
    /// <summary>The passkey of an id, or <see langword="null"/>.</summary>
    ValueTask<Passkey?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All of an account, oldest first.</summary>
    ValueTask<IReadOnlyList<Passkey>> ListAsync(Did did, CancellationToken cancellationToken);

    /// <summary>All of the account that authenticators know by a <see cref="Passkey.UserHandle"/>, oldest first.</summary>
    ValueTask<IReadOnlyList<Passkey>> ListAsync(string userHandle, CancellationToken cancellationToken);

    /// <summary>Keeps a new one.</summary>
    /// <param name="proof">What the sign-in of its owner was judged by.</param>
    /// <param name="passkey">The passkey.</param>
    /// <param name="limit">How many an account may have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is kept: <see langword="false"/> when the id is taken or the account has <paramref name="limit"/> of them.</returns>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task<bool> AddAsync(SignInProof proof, Passkey passkey, int limit, CancellationToken cancellationToken);

    /// <summary>Changes one. Changes run one after the other.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="id">Which one.</param>
    /// <param name="change">Makes the change; <see langword="null"/> removes it. What it throws reaches the caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The passkey as it was, or <see langword="null"/> when the account has none of that id.</returns>
    Task<Passkey?> UpdateAsync(Did did, string id, Func<Passkey, Passkey?> change, CancellationToken cancellationToken);
}

/// <summary>Keeps what browsers are asked for, until they answer.</summary>
public interface IPasskeyChallengeStore
{
    /// <summary>Keeps a challenge, and forgets those that are over.</summary>
    Task AddAsync(PasskeyChallenge challenge, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives a challenge away, once.</summary>
    Task<PasskeyChallenge?> TakeAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A passkey.</summary>
public sealed record Passkey
{
    /// <summary>Its credential id in base64url.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required Did Did { get; init; }

    /// <summary>By what authenticators know the account: not the DID, which may be too long for them.</summary>
    public required string UserHandle { get; init; }

    /// <summary>The public key as a COSE key.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was used last.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>How often its authenticator says to have signed; 0 where it does not count.</summary>
    public uint SignCount { get; init; }

    /// <summary>How browsers reach its authenticator, such as <c>internal</c> or <c>usb</c>.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [];

    /// <summary>Whether it may be copied to other devices of its owner.</summary>
    public bool IsBackupEligible { get; init; }

    /// <summary>Whether it was.</summary>
    public bool IsBackedUp { get; init; }

    /// <summary>Id and owner only.</summary>
    public override string ToString() => $"{Id} of {Did}";
}

/// <summary>What a browser was asked for.</summary>
/// <param name="Id">By what its answer names it.</param>
/// <param name="DeviceId">The browser; no other one may answer.</param>
/// <param name="Did">Whose passkey shall be made; <see langword="null"/> where somebody signs in with one.</param>
/// <param name="State">What judging the answer needs.</param>
/// <param name="ExpiresAt">When it is over.</param>
public sealed record PasskeyChallenge(string Id, string DeviceId, Did? Did, string State, DateTimeOffset ExpiresAt);
