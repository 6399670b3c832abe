using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Asks a browser for a passkey to sign in with, whosever it is.</summary>
/// <param name="DeviceId">The browser.</param>
public sealed record BeginPasskeySignInCommand(string DeviceId) : ICommand<PasskeyQuestion>, IAnonymousRequest;

internal sealed class BeginPasskeySignInHandler(IPasskeyCeremonies ceremonies, PasskeyChallenges challenges) : IRequestHandler<BeginPasskeySignInCommand, PasskeyQuestion>
{
    public async Task<PasskeyQuestion> Handle(BeginPasskeySignInCommand command, CancellationToken cancellationToken) =>
        await challenges.AskAsync(await ceremonies.BeginSignInAsync(cancellationToken), command.DeviceId, did: null, cancellationToken);
}

/// <summary>
/// Judges a sign-in by passkey. It takes the device that holds the key and what unlocks that, so no second factor is asked for.
/// Deactivated accounts pass: what they may not do is decided later.
/// </summary>
internal sealed class PasskeySignIn(IPasskeyStore passkeys, IPasskeyCeremonies ceremonies, PasskeyChallenges challenges, IAccountStore accounts, TimeProvider time)
{
    /// <summary>The account of a passkey, and what whatever follows is kept under.</summary>
    /// <param name="answer">What the browser answers.</param>
    /// <param name="deviceId">The browser.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">AuthenticationRequired, AccountTakedown, InvalidRequest.</exception>
    public async Task<(Account Account, SignInProof Proof)> RequireAsync(PasskeyAnswer answer, string deviceId, CancellationToken cancellationToken)
    {
        string state = await challenges.TakeAsync(answer.QuestionId, deviceId, did: null, cancellationToken);
        if (await ceremonies.FinishSignInAsync(state, answer.Credential, cancellationToken) is not { } proven
            || await passkeys.FindAsync(proven.Id, cancellationToken) is not { } passkey
            || await accounts.FindAsync(new AtIdentifier(passkey.Did), cancellationToken) is not { } account
            || await passkeys.UpdateAsync(passkey.Did, passkey.Id, current => Use(current, proven), cancellationToken) is null)
        {
            throw Unknown();
        }

        return account.TakedownRef is null
            ? (account, SignInProof.Of(account).By(new SignInCredential.Passkey(passkey.Id)))
            : throw new XrpcException(AuthErrors.AccountTakedown, "Account was taken down");
    }

    private static XrpcException Unknown() => new(AuthErrors.AuthenticationRequired, "This passkey does not belong to an account here, or was removed.");

    /// <summary>Of two answers at the same time, the count of one is not above the other's: one of them is a copy.</summary>
    private Passkey Use(Passkey passkey, ProvenPasskey proven) => proven.SignCount > passkey.SignCount || (proven.SignCount == 0 && passkey.SignCount == 0)
        ? passkey with { SignCount = proven.SignCount, IsBackedUp = proven.IsBackedUp, LastUsedAt = time.GetUtcNow() }
        : throw Unknown();
}
