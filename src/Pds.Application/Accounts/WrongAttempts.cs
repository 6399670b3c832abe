using Pds.Application.Settings;

namespace Pds.Application.Accounts;

/// <summary>Wrong guesses, with a table for each kind of secret: no kind can use up the room of another.</summary>
internal sealed class WrongAttempts(SignInSettings options, TimeProvider time)
{
    /// <summary>Guesses at passwords of accounts, by names that may be anything.</summary>
    public AttemptTable Passwords { get; } = Table(options, time);

    /// <summary>Guesses at codes of authenticator apps and recovery codes.</summary>
    public AttemptTable AuthenticatorCodes { get; } = Table(options, time);

    /// <summary>Guesses at tokens that were mailed.</summary>
    public AttemptTable MailedTokens { get; } = Table(options, time);

    /// <summary>Guesses at the operator's password.</summary>
    public AttemptTable Operator { get; } = Table(options, time);

    private static AttemptTable Table(SignInSettings options, TimeProvider time) =>
        new(time, () => options.LockTime, () => options.MaxWrongNames);
}
