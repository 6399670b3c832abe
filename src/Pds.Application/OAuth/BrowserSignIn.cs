using System.Net;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>What somebody does to sign in on a page: writes name and password, then a code where one is needed; or uses a passkey.</summary>
public sealed record BrowserSignInInput
{
    /// <summary>Handle, DID or e-mail address.</summary>
    public string Identifier { get; init; } = "";

    /// <summary>The account password.</summary>
    public string Password { get; init; } = "";

    /// <summary>The sign-in that waits for a code; <see langword="null"/> for a new one.</summary>
    public string? Pending { get; init; }

    /// <summary>The code of the second factor, for the sign-in that waits.</summary>
    public string Code { get; init; } = "";

    /// <summary>Whether this browser shall not be asked for the second factor again for 30 days.</summary>
    public bool Trust { get; init; }

    /// <summary>What a passkey has signed, in place of all that.</summary>
    public PasskeyAnswer? Passkey { get; init; }

    /// <summary>Whether this browser shall remember the sign-in.</summary>
    public bool Remember { get; init; }

    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(BrowserSignInInput);
}

/// <summary>What a sign-in needs when name and password were right.</summary>
public enum SignInNeed
{
    /// <summary>Nothing more.</summary>
    None,

    /// <summary>The code that was mailed.</summary>
    EmailCode,

    /// <summary>A code of the authenticator app, or a recovery code.</summary>
    AuthenticatorCode,
}

/// <summary>How a sign-in on a page ended.</summary>
internal abstract record BrowserSignInOutcome
{
    private BrowserSignInOutcome()
    {
    }

    /// <summary>It is the owner. The account may be deactivated: what it may not do is decided later.</summary>
    /// <param name="Proof">What it was judged by.</param>
    /// <param name="Remember">Whether the browser shall remember the sign-in.</param>
    public sealed record SignedIn(SignInProof Proof, bool Remember) : BrowserSignInOutcome;

    /// <summary>Something is wrong, or still needed.</summary>
    /// <param name="Needs">What to ask for.</param>
    /// <param name="Pending">The sign-in that waits for it; <see langword="null"/> when it has to begin anew.</param>
    /// <param name="Fault">What was wrong; <see langword="null"/> for nothing.</param>
    public sealed record Refused(SignInNeed Needs, string? Pending, string? Fault) : BrowserSignInOutcome;
}

/// <summary>Judges a sign-in on a page: passkey, or password, second factor, and the lock after wrong attempts. All pages come here.</summary>
internal sealed class BrowserSignIn(
    PasswordCheck passwords, SignInFactor factor, PendingSignIns pendings, TrustedBrowsers browsers, PasskeySignIn passkeys, IAccountStore accounts, EvenPace pace)
{
    /// <summary>Judges what was written.</summary>
    /// <param name="input">What was written.</param>
    /// <param name="deviceId">The browser.</param>
    /// <param name="fixedIdentifier">Who it must be, whatever was written; <see langword="null"/> for anybody.</param>
    /// <param name="address">Where it comes from: guessing is counted by it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BrowserSignInOutcome> TryAsync(
        BrowserSignInInput input, string deviceId, string? fixedIdentifier, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!passwords.IsInUse)
        {
            return new BrowserSignInOutcome.Refused(SignInNeed.None, Pending: null, "Passwords and passkeys are not used on this server.");
        }

        try
        {
            return input switch
            {
                { Passkey: { } answer } => await UsePasskeyAsync(answer, input.Remember, deviceId, fixedIdentifier, cancellationToken),
                { Pending: { } id } => await GoOnAsync(id, input, deviceId, fixedIdentifier, address, cancellationToken),
                _ => await pace.RunAsync(() => BeginAsync(input, deviceId, fixedIdentifier, address, cancellationToken), cancellationToken),
            };
        }
        catch (XrpcException refusal)
        {
            return new BrowserSignInOutcome.Refused(SignInNeed.None, Pending: null, refusal.Message);
        }
    }

    /// <summary>A passkey or a sign-in that waits may be of another account than the page is for.</summary>
    private static Account RequireFixed(Account account, string? identifier)
    {
        string?[] names = [account.Did.ToString(), account.Handle?.ToString(), account.Email];
        return identifier is null || names.Contains(identifier.TrimStart('@'), StringComparer.OrdinalIgnoreCase)
            ? account
            : throw new XrpcException(AuthErrors.AuthenticationRequired, "This is another account than the one that has to sign in.");
    }

    private static void RequireHere(Account account)
    {
        if (account.TakedownRef is not null)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account was taken down");
        }
    }

    private static SignInNeed NeedOf(FactorKind kind) => kind switch
    {
        FactorKind.Mailbox => SignInNeed.EmailCode,
        FactorKind.Authenticator => SignInNeed.AuthenticatorCode,
        _ => SignInNeed.None,
    };

    private async Task<BrowserSignInOutcome> UsePasskeyAsync(
        PasskeyAnswer answer, bool remember, string deviceId, string? fixedIdentifier, CancellationToken cancellationToken)
    {
        (Account account, SignInProof proof) = await passkeys.RequireAsync(answer, deviceId, cancellationToken);
        RequireFixed(account, fixedIdentifier);
        return new BrowserSignInOutcome.SignedIn(proof, remember);
    }

    private async Task<BrowserSignInOutcome> BeginAsync(
        BrowserSignInInput input, string deviceId, string? fixedIdentifier, IPAddress? address, CancellationToken cancellationToken)
    {
        (Account account, AppPassword? appPassword, SignInProof proof) = await passwords.SignInAsync(fixedIdentifier ?? input.Identifier.Trim(), input.Password, address, cancellationToken);
        if (appPassword is not null)
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "App passwords are not allowed");
        }

        RequireHere(account);
        FactorKind kind = await factor.FindNeedAsync(account, deviceId, cancellationToken);
        if (kind == FactorKind.None)
        {
            return new BrowserSignInOutcome.SignedIn(proof, input.Remember);
        }

        await factor.AskAsync(account, kind, cancellationToken);
        return new BrowserSignInOutcome.Refused(NeedOf(kind), await pendings.BeginAsync(proof, deviceId, input.Remember, cancellationToken), Fault: null);
    }

    private async Task<BrowserSignInOutcome> GoOnAsync(
        string id, BrowserSignInInput input, string deviceId, string? fixedIdentifier, IPAddress? address, CancellationToken cancellationToken)
    {
        if (await pendings.FindAsync(id, deviceId, cancellationToken) is not { } pending
            || await accounts.FindAsync(new AtIdentifier(pending.Proof.Account), cancellationToken) is not { } account
            || !pending.Proof.IsCurrent(account))
        {
            throw new XrpcException(AuthErrors.AuthenticationRequired, "That took too long. Sign in again.");
        }

        RequireHere(RequireFixed(account, fixedIdentifier));
        FactorKind kind = await factor.FindNeedAsync(account, deviceId, cancellationToken);
        try
        {
            await factor.RequireAsync(account, kind, input.Code, address, cancellationToken);
        }
        catch (XrpcException refusal)
        {
            return new BrowserSignInOutcome.Refused(NeedOf(kind), id, refusal.Message);
        }

        await pendings.EndAsync(pending, cancellationToken);
        if (input.Trust && kind != FactorKind.None)
        {
            await browsers.TrustAsync(pending.Proof, deviceId, cancellationToken);
        }

        return new BrowserSignInOutcome.SignedIn(pending.Proof, pending.Remember);
    }
}
