namespace Pds.Application.Factors;

/// <summary>The ceremonies of WebAuthn: what a browser is asked for, and what its answer proves.</summary>
public interface IPasskeyCeremonies
{
    /// <summary>Asks for a new passkey.</summary>
    /// <param name="owner">For whom.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PasskeyCeremony> BeginRegistrationAsync(PasskeyOwner owner, CancellationToken cancellationToken);

    /// <summary>Judges the answer to <see cref="BeginRegistrationAsync"/>.</summary>
    /// <param name="state">The state of the ceremony.</param>
    /// <param name="answer">What the browser says, as JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key; <see langword="null"/> when the answer proves nothing, or the key is known already.</returns>
    Task<ProvenPasskey?> FinishRegistrationAsync(string state, string answer, CancellationToken cancellationToken);

    /// <summary>Asks for any passkey of this server.</summary>
    Task<PasskeyCeremony> BeginSignInAsync(CancellationToken cancellationToken);

    /// <summary>Judges the answer to <see cref="BeginSignInAsync"/>.</summary>
    /// <param name="state">The state of the ceremony.</param>
    /// <param name="answer">What the browser says, as JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key that signed; <see langword="null"/> when the answer proves nothing.</returns>
    Task<ProvenPasskey?> FinishSignInAsync(string state, string answer, CancellationToken cancellationToken);
}

/// <summary>For whom a passkey is made.</summary>
/// <param name="UserHandle">By what authenticators know the account.</param>
/// <param name="Name">What they show: the handle.</param>
public sealed record PasskeyOwner(string UserHandle, string Name);

/// <summary>A ceremony that has begun.</summary>
/// <param name="Options">What the browser is asked for, as JSON.</param>
/// <param name="State">What judging the answer needs; not for the browser.</param>
public sealed record PasskeyCeremony(string Options, string State);

/// <summary>What an answer has proved of a passkey.</summary>
/// <param name="Id">Its credential id in base64url.</param>
/// <param name="PublicKey">The public key as a COSE key.</param>
/// <param name="SignCount">How often its authenticator says to have signed.</param>
/// <param name="Transports">How browsers reach its authenticator.</param>
/// <param name="IsBackupEligible">Whether it may be copied to other devices of its owner.</param>
/// <param name="IsBackedUp">Whether it was.</param>
public sealed record ProvenPasskey(
    string Id, ReadOnlyMemory<byte> PublicKey, uint SignCount, IReadOnlyList<string> Transports, bool IsBackupEligible, bool IsBackedUp);
