using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Keeps the secrets shared with authenticator apps, encrypted: one for each account.</summary>
public interface IAuthenticatorStore
{
    /// <summary>What an account shares with an app, confirmed or not, or <see langword="null"/>.</summary>
    ValueTask<Authenticator?> FindAsync(Did did, CancellationToken cancellationToken);

    /// <summary>Keeps a new secret in place of one that was never confirmed.</summary>
    /// <param name="proof">What the sign-in of its owner was judged by.</param>
    /// <param name="authenticator">The secret.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is kept: <see langword="false"/> when the account has one that is confirmed.</returns>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task<bool> BeginAsync(SignInProof proof, Authenticator authenticator, CancellationToken cancellationToken);

    /// <summary>Confirms the secret that waits for it, with its first codes for emergencies, and ends the trust in browsers; all or nothing.</summary>
    /// <param name="proof">What the sign-in of its owner was judged by.</param>
    /// <param name="confirmed">The secret, as its code was judged by it, with the time and the step of the code.</param>
    /// <param name="recoveryCodes">The recovery codes, as <see cref="IRecoveryCodeStore"/> takes them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was the one that waited.</returns>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task<bool> ConfirmAsync(SignInProof proof, Authenticator confirmed, IReadOnlyList<string> recoveryCodes, CancellationToken cancellationToken);

    /// <summary>Uses up a step and those before it.</summary>
    /// <returns>Whether it was good: <see langword="false"/> when it, or a later one, was used.</returns>
    Task<bool> UseAsync(Did did, long step, CancellationToken cancellationToken);

    /// <summary>Forgets the secret, the recovery codes and the trust in browsers.</summary>
    /// <returns>Whether there was a secret that was confirmed.</returns>
    Task<bool> RemoveAsync(Did did, CancellationToken cancellationToken);
}

/// <summary>Keeps recovery codes, as hashes.</summary>
public interface IRecoveryCodeStore
{
    /// <summary>Keeps codes in place of those before, if an authenticator app is on.</summary>
    /// <param name="proof">What the sign-in of their owner was judged by.</param>
    /// <param name="codes">The codes without punctuation, in upper case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether they are kept: <see langword="false"/> when no app is on.</returns>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when the proof does not hold any more.</exception>
    Task<bool> ReplaceAsync(SignInProof proof, IReadOnlyList<string> codes, CancellationToken cancellationToken);

    /// <summary>Uses up a code.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="code">The code without punctuation, in upper case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was such a code.</returns>
    Task<bool> UseAsync(Did did, string code, CancellationToken cancellationToken);

    /// <summary>How many codes are left.</summary>
    ValueTask<int> CountAsync(Did did, CancellationToken cancellationToken);
}

/// <summary>What an account shares with an authenticator app.</summary>
/// <param name="Secret">The secret.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ConfirmedAt">When a first code proved that an app has it; <see langword="null"/> until then, and it counts for nothing.</param>
/// <param name="UsedStep">The last step whose code was used; 0 for none.</param>
public sealed record Authenticator(ReadOnlyMemory<byte> Secret, DateTimeOffset CreatedAt, DateTimeOffset? ConfirmedAt, long UsedStep)
{
    /// <summary>Whether signing in needs its codes.</summary>
    public bool IsOn => ConfirmedAt is not null;

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"authenticator ({(IsOn ? "on" : "waiting")})";
}
