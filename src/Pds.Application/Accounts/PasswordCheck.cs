using System.Net;
using Microsoft.Extensions.Options;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Judges passwords. Whatever is wrong, the answer is the same; after some wrong ones, nothing more is judged for a while.</summary>
internal sealed class PasswordCheck(
    IAccountStore accounts, IAppPasswordStore appPasswords, IPasswordHasher hasher, PasswordShares shares, WrongAttempts attempts, IOptions<AccountOptions> options)
{
    private const int MaxLength = 512;
    private const int AppPasswordLength = 19;

    /// <summary>Whether account passwords open anything.</summary>
    public bool IsInUse => options.Value.PasswordSignIn;

    /// <summary>The account of an identifier and a password, and the app password if it was one.</summary>
    /// <param name="identifier">DID, handle or address.</param>
    /// <param name="password">The password.</param>
    /// <param name="address">Where the request comes from, if that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">AuthenticationRequired, RateLimitExceeded.</exception>
    public async ValueTask<(Account Account, AppPassword? AppPassword)> SignInAsync(
        string identifier, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        RefuseLong(password);
        string text = identifier.StartsWith('@') ? identifier[1..] : identifier;
        Account? account = await FindAsync(text, cancellationToken);

        // Guessing at accounts that do not exist is counted likewise, or the lock would tell which do.
        string subject = SubjectOf(account?.Did.ToString() ?? text.ToLowerInvariant());
        attempts.RequireOpen(subject, address, options.Value.MaxWrongPasswords);
        using IDisposable place = shares.Take(subject);
        (bool isRight, AppPassword? appPassword) = account is null ? (false, null) : await JudgeAsync(account, password, cancellationToken);
        Count(subject, address, isRight);
        return isRight ? (account!, appPassword) : throw new XrpcException(AuthErrors.AuthenticationRequired, "Invalid identifier or password");
    }

    /// <summary>Requires the account password; app passwords will not do.</summary>
    /// <exception cref="XrpcException">AuthenticationRequired, RateLimitExceeded.</exception>
    public async ValueTask RequireAsync(Account account, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        RefuseLong(password);
        string subject = SubjectOf(account.Did.ToString());
        attempts.RequireOpen(subject, address, options.Value.MaxWrongPasswords);
        using IDisposable place = shares.Take(subject);
        bool isRight = account.PasswordHash is { } hash && await hasher.VerifyAsync(password, hash, cancellationToken);
        Count(subject, address, isRight);
        if (!isRight)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "Invalid did or password");
        }
    }

    /// <summary>Lets somebody who proved to be the owner by other means try again at once.</summary>
    public void Unlock(Did did, IPAddress? address) => attempts.Forget(SubjectOf(did.ToString()), address);

    private static void RefuseLong(string password)
    {
        if (password.Length > MaxLength)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "Password too long. Consider resetting your password.");
        }
    }

    private static string SubjectOf(string account) => $"password {account}";

    /// <summary>Hashing is dear, so it is spared for texts that no app password has.</summary>
    private static bool LooksLikeAppPassword(string password) =>
        password.Length == AppPasswordLength && password[4] == '-' && password[9] == '-' && password[14] == '-';

    private async ValueTask<(bool IsRight, AppPassword? AppPassword)> JudgeAsync(Account account, string password, CancellationToken cancellationToken)
    {
        if (IsInUse && account.PasswordHash is { } hash && await hasher.VerifyAsync(password, hash, cancellationToken))
        {
            return (true, null);
        }

        AppPassword? appPassword = account.TakedownRef is null && LooksLikeAppPassword(password)
            ? await appPasswords.FindAsync(account.Did, await hasher.HashAppPasswordAsync(account.Did, password, cancellationToken), cancellationToken)
            : null;
        return (appPassword is not null, appPassword);
    }

    /// <summary>Of guesses made at the same time, those judged after the lock fell are not answered, even if right.</summary>
    private void Count(string subject, IPAddress? address, bool isRight)
    {
        if (!isRight)
        {
            attempts.Add(subject, address);
            return;
        }

        attempts.RequireOpen(subject, address, options.Value.MaxWrongPasswords);
        attempts.Forget(subject, address);
    }

    private ValueTask<Account?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return accounts.FindByEmailAsync(text.ToLowerInvariant(), cancellationToken);
        }

        return AtIdentifier.TryParse(text, out AtIdentifier parsed) || AtIdentifier.TryParse(text.ToLowerInvariant(), out parsed)
            ? accounts.FindAsync(parsed, cancellationToken)
            : ValueTask.FromResult<Account?>(null);
    }
}
