using System.Net;
using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Factors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Judges codes of authenticator apps, and recovery codes in their place. Each is good once.</summary>
/// <remarks>
/// Wrong codes are counted by account and address, as wrong passwords are. Six digits can be tried out from many addresses, so the codes of the app are
/// also counted by account alone; recovery codes are too long for that, and stay open to an owner whom somebody else has locked out that way.
/// </remarks>
internal sealed class AuthenticatorCheck(
    IAuthenticatorStore authenticators, IRecoveryCodeStore recoveryCodes, FactorMails mails, WrongAttempts attempts, SignInSettings options, TimeProvider time)
{
    /// <summary>Requires a code.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="authenticator">What the account shares with its app; it is on.</param>
    /// <param name="text">What was given.</param>
    /// <param name="address">Where the request comes from, if that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">InvalidToken, RateLimitExceeded.</exception>
    public async ValueTask RequireAsync(Did did, Authenticator authenticator, string text, IPAddress? address, CancellationToken cancellationToken)
    {
        string code = RecoveryCodes.Normalize(text);
        bool isOfApp = code.Length == Totp.Digits && code.All(char.IsAsciiDigit);
        RequireOpen(did, address, isOfApp);
        bool isRight = isOfApp
            ? Totp.TryFindStep(authenticator.Secret.Span, code, time.GetUtcNow(), authenticator.UsedStep, out long step) && await authenticators.UseAsync(did, step, cancellationToken)
            : await UseRecoveryCodeAsync(did, code, cancellationToken);
        if (!isRight)
        {
            attempts.AuthenticatorCodes.Add(SubjectOf(did), address, options.MaxWrongPasswords);
            if (isOfApp)
            {
                attempts.AuthenticatorCodes.Add(SubjectInAllOf(did), address: null, options.MaxWrongCodesInAll);
            }

            throw Wrong();
        }

        RequireOpen(did, address, isOfApp); // of guesses made at the same time, those judged after the lock fell are not answered
        attempts.AuthenticatorCodes.Forget(SubjectOf(did), address);
    }

    /// <summary>The refusal of a code that is wrong, over or used.</summary>
    public static XrpcException Wrong() => new(AccountErrors.InvalidToken, "The code is wrong, or was used already");

    private static string SubjectOf(Did did) => $"authenticator {did}";

    private static string SubjectInAllOf(Did did) => $"authenticator in all {did}";

    private void RequireOpen(Did did, IPAddress? address, bool isOfApp)
    {
        attempts.AuthenticatorCodes.RequireOpen(SubjectOf(did), address, options.MaxWrongPasswords);
        if (isOfApp)
        {
            attempts.AuthenticatorCodes.RequireOpen(SubjectInAllOf(did), address: null, options.MaxWrongCodesInAll);
        }
    }

    private async ValueTask<bool> UseRecoveryCodeAsync(Did did, string code, CancellationToken cancellationToken)
    {
        if (!RecoveryCodes.IsWellFormed(code) || !await recoveryCodes.UseAsync(did, code, cancellationToken))
        {
            return false;
        }

        await mails.BeginAsync(FactorNotice.RecoveryCodeUsed, did, cancellationToken);
        return true;
    }
}
