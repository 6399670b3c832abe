using System.Net;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Judges passwords. Whatever is wrong, the answer is the same; after some wrong ones, nothing more is judged for a while.</summary>
internal sealed class PasswordCheck(
    IAccountStore accounts, IAppPasswordStore appPasswords, IPasswordHasher hasher, PasswordShares shares, WrongAttempts attempts, SignInSettings options)
{
    private const int MaxLength = 512;
    private const int AppPasswordLength = 19;

    /// <summary>Whose app password is hashed where there is no account: it must take as long.</summary>
    private static readonly Did Nobody = Did.Parse("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa");

    /// <summary>Whether account passwords open anything.</summary>
    public bool IsInUse => options.PasswordSignIn;

    /// <summary>The account of an identifier and a password. Names that do not exist take the same way: the same work, and under load the same refusal.</summary>
    /// <param name="identifier">DID, handle or address.</param>
    /// <param name="password">The password.</param>
    /// <param name="address">Where the request comes from, if that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">AuthenticationRequired, RateLimitExceeded.</exception>
    public async ValueTask<PasswordSignIn> SignInAsync(
        string identifier, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        RefuseLong(password);
        string text = PastedText.Clean(identifier);
        Account? account = await FindAsync(text, cancellationToken);

        // Guessing at accounts that do not exist is counted likewise, or the lock would tell which do.
        string subject = SubjectOf(account?.Did.ToString() ?? text.ToLowerInvariant());
        attempts.Passwords.RequireOpen(subject, address, options.MaxWrongPasswords);
        using IDisposable place = shares.Take(subject);
        PasswordSignIn? signIn = await JudgeAsync(account, password, cancellationToken);
        Count(subject, address, signIn is not null);
        return signIn ?? throw new XrpcException(AuthErrors.AuthenticationRequired, "Invalid identifier or password");
    }

    /// <summary>Requires the account password; app passwords will not do.</summary>
    /// <returns>What it was judged by.</returns>
    /// <exception cref="XrpcException">AuthenticationRequired, RateLimitExceeded.</exception>
    public async ValueTask<SignInProof> RequireAsync(Account account, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        RefuseLong(password);
        string subject = SubjectOf(account.Did.ToString());
        attempts.Passwords.RequireOpen(subject, address, options.MaxWrongPasswords);
        using IDisposable place = shares.Take(subject);
        bool isRight = account.PasswordHash is { } hash && await hasher.VerifyAsync(password, hash, cancellationToken);
        Count(subject, address, isRight);
        return isRight ? SignInProof.Of(account) : throw new XrpcException(AuthErrors.AuthenticationRequired, "Invalid did or password");
    }

    /// <summary>Lets somebody who proved to be the owner by other means try again at once.</summary>
    public void Unlock(Did did, IPAddress? address) => attempts.Passwords.Forget(SubjectOf(did.ToString()), address);

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

    private async ValueTask<PasswordSignIn?> JudgeAsync(Account? account, string password, CancellationToken cancellationToken)
    {
        // A hash that is none is never right, and takes as long as one.
        if (IsInUse && await hasher.VerifyAsync(password, account?.PasswordHash ?? "", cancellationToken))
        {
            return new PasswordSignIn(account!, null, SignInProof.Of(account!));
        }

        if (!LooksLikeAppPassword(password))
        {
            return null;
        }

        Did did = account?.Did ?? Nobody;
        string hash = await hasher.HashAppPasswordAsync(did, password, cancellationToken);
        return await appPasswords.FindAsync(did, hash, cancellationToken) is { } appPassword && account is { TakedownRef: null }
            ? new PasswordSignIn(account, appPassword, SignInProof.Of(account).By(new SignInCredential.AppPassword(appPassword.Name, hash)))
            : null;
    }

    /// <summary>Of guesses made at the same time, those judged after the lock fell are not answered, even if right.</summary>
    private void Count(string subject, IPAddress? address, bool isRight)
    {
        if (!isRight)
        {
            attempts.Passwords.Add(subject, address, options.MaxWrongPasswords);
            return;
        }

        attempts.Passwords.RequireOpen(subject, address, options.MaxWrongPasswords);
        attempts.Passwords.Forget(subject, address);
    }

    private ValueTask<Account?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return accounts.FindByEmailAsync(text, cancellationToken);
        }

        return AtIdentifier.TryParse(text, out AtIdentifier parsed) || AtIdentifier.TryParse(text.ToLowerInvariant(), out parsed)
            ? accounts.FindAsync(parsed, cancellationToken)
            : ValueTask.FromResult<Account?>(null);
    }
}

/// <summary>A password that was right.</summary>
/// <param name="Account">Whose.</param>
/// <param name="AppPassword">The app password; <see langword="null"/> for the password of the account.</param>
/// <param name="Proof">What whatever follows is kept under.</param>
internal sealed record PasswordSignIn(Account Account, AppPassword? AppPassword, SignInProof Proof);
