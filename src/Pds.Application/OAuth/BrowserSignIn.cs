using System.Net;
using Pds.Application.Accounts;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>What somebody writes to sign in on a page.</summary>
public sealed record BrowserSignInInput
{
    /// <summary>Handle, DID or e-mail address.</summary>
    public required string Identifier { get; init; }

    /// <summary>The account password.</summary>
    public required string Password { get; init; }

    /// <summary>The code of the second factor, for accounts that want one.</summary>
    public string? Code { get; init; }

    /// <summary>Whether this browser shall remember the sign-in.</summary>
    public bool Remember { get; init; }

    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(BrowserSignInInput);
}

/// <summary>What a sign-in needs beside name and password.</summary>
public enum SignInNeed
{
    /// <summary>Nothing more.</summary>
    None,

    /// <summary>The code that was mailed.</summary>
    EmailCode,
}

/// <summary>How a sign-in on a page ended.</summary>
internal abstract record BrowserSignInOutcome
{
    private BrowserSignInOutcome()
    {
    }

    /// <summary>It is the owner. The account may be deactivated: what it may not do is decided later.</summary>
    /// <param name="Account">Whose.</param>
    public sealed record SignedIn(Account Account) : BrowserSignInOutcome;

    /// <summary>Something is wrong, or still needed.</summary>
    /// <param name="Needs">What to ask for beside name and password.</param>
    /// <param name="Fault">What to say.</param>
    public sealed record Refused(SignInNeed Needs, string Fault) : BrowserSignInOutcome;
}

/// <summary>Judges a sign-in on a page: password, second factor, and the lock after wrong attempts. All pages come here.</summary>
internal sealed class BrowserSignIn(PasswordCheck passwords, SignInFactor factor, IAccountStore accounts, EvenPace pace)
{
    /// <summary>Judges what was written.</summary>
    /// <param name="input">What was written.</param>
    /// <param name="fixedIdentifier">Who it must be, whatever was written; <see langword="null"/> for anybody.</param>
    /// <param name="address">Where it comes from: guessing is counted by it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BrowserSignInOutcome> TryAsync(BrowserSignInInput input, string? fixedIdentifier, IPAddress? address, CancellationToken cancellationToken)
    {
        try
        {
            Account account = await pace.RunAsync(() => RequireAsync(input, fixedIdentifier ?? input.Identifier.Trim(), address, cancellationToken), cancellationToken);
            return new BrowserSignInOutcome.SignedIn(account);
        }
        catch (XrpcException refusal)
        {
            bool needsCode = refusal.Error == AccountErrors.AuthFactorTokenRequired || input.Code is not null;
            return new BrowserSignInOutcome.Refused(needsCode ? SignInNeed.EmailCode : SignInNeed.None, refusal.Message);
        }
    }

    private async Task<Account> RequireAsync(BrowserSignInInput input, string identifier, IPAddress? address, CancellationToken cancellationToken)
    {
        (Account account, AppPassword? appPassword) = await passwords.SignInAsync(identifier, input.Password, address, cancellationToken);
        if (appPassword is not null)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "App passwords are not allowed");
        }

        if (account.TakedownRef is not null)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account was taken down");
        }

        await factor.RequireAsync(account, appPassword, input.Code, address, cancellationToken);
        return await accounts.FindAsync(new AtIdentifier(account.Did), cancellationToken) ?? account;
    }
}
