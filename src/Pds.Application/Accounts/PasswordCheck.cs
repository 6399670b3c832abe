using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Judges passwords. Whatever is wrong, the answer is the same.</summary>
internal sealed class PasswordCheck(IAccountStore accounts, IAppPasswordStore appPasswords, IPasswordHasher hasher)
{
    private const int MaxLength = 512;
    private const int AppPasswordLength = 19;

    /// <summary>The account of an identifier and a password, and the app password if it was one.</summary>
    /// <exception cref="XrpcException">AuthenticationRequired.</exception>
    public async ValueTask<(Account Account, AppPassword? AppPassword)> SignInAsync(string identifier, string password, CancellationToken cancellationToken)
    {
        RefuseLong(password);
        Account? account = await FindAsync(identifier, cancellationToken);
        if (account?.PasswordHash is { } hash && await hasher.VerifyAsync(password, hash, cancellationToken))
        {
            return (account, null);
        }

        return account is { TakedownRef: null } && LooksLikeAppPassword(password)
            && await FindAppPasswordAsync(account.Did, password, cancellationToken) is { } appPassword
                ? (account, appPassword)
                : throw new XrpcException(AuthErrors.AuthenticationRequired, "Invalid identifier or password");
    }

    /// <summary>Requires the account password; app passwords will not do.</summary>
    /// <exception cref="XrpcException">AuthenticationRequired.</exception>
    public async ValueTask RequireAsync(Account account, string password, CancellationToken cancellationToken)
    {
        RefuseLong(password);
        if (account.PasswordHash is not { } hash || !await hasher.VerifyAsync(password, hash, cancellationToken))
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "Invalid did or password");
        }
    }

    private static void RefuseLong(string password)
    {
        if (password.Length > MaxLength)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "Password too long. Consider resetting your password.");
        }
    }

    /// <summary>Hashing is dear, so it is spared for texts that no app password has.</summary>
    private static bool LooksLikeAppPassword(string password) =>
        password.Length == AppPasswordLength && password[4] == '-' && password[9] == '-' && password[14] == '-';

    private async ValueTask<AppPassword?> FindAppPasswordAsync(Did did, string password, CancellationToken cancellationToken) =>
        await appPasswords.FindAsync(did, await hasher.HashAppPasswordAsync(did, password, cancellationToken), cancellationToken);

    private ValueTask<Account?> FindAsync(string identifier, CancellationToken cancellationToken)
    {
        string text = identifier.StartsWith('@') ? identifier[1..] : identifier;
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return accounts.FindByEmailAsync(text.ToLowerInvariant(), cancellationToken);
        }

        return AtIdentifier.TryParse(text, out AtIdentifier parsed) || AtIdentifier.TryParse(text.ToLowerInvariant(), out parsed)
            ? accounts.FindAsync(parsed, cancellationToken)
            : ValueTask.FromResult<Account?>(null);
    }
}
