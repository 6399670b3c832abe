using System.Net;
using Microsoft.Extensions.Options;
using Pds.Application.Factors;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>
/// The second factor, for those who want one: a code of an authenticator app, else a token from the mailbox. App passwords are for programs, which have neither.
/// </summary>
internal sealed class SignInFactor(
    EmailTokens tokens,
    AccountMails mails,
    WrongAttempts attempts,
    AuthenticatorCheck codes,
    IAuthenticatorStore authenticators,
    TrustedBrowsers browsers,
    IOptions<AccountOptions> options)
{
    /// <summary>Requires the factor, if the account wants one; without one, mails the token where that is the factor.</summary>
    /// <param name="account">Who signs in; the password was right.</param>
    /// <param name="appPassword">The app password, if it was one.</param>
    /// <param name="token">What was given as code or token.</param>
    /// <param name="address">Where the request comes from, if that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">AuthFactorTokenRequired, InvalidToken, ExpiredToken, RateLimitExceeded.</exception>
    public async ValueTask RequireAsync(Account account, AppPassword? appPassword, string? token, IPAddress? address, CancellationToken cancellationToken)
    {
        if (appPassword is null)
        {
            await RequireAsync(account, token, deviceId: null, address, cancellationToken);
        }
    }

    /// <summary>Requires the factor in a browser, unless the account trusts that.</summary>
    /// <param name="account">Who signs in; the password was right.</param>
    /// <param name="token">What was given as code or token.</param>
    /// <param name="deviceId">The browser; <see langword="null"/> for none.</param>
    /// <param name="address">Where the request comes from, if that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The factor that was given; <see cref="FactorKind.None"/> when none was needed.</returns>
    /// <exception cref="XrpcException">AuthFactorTokenRequired, InvalidToken, ExpiredToken, RateLimitExceeded.</exception>
    public async ValueTask<FactorKind> RequireAsync(Account account, string? token, string? deviceId, IPAddress? address, CancellationToken cancellationToken)
    {
        Authenticator? authenticator = await authenticators.FindAsync(account.Did, cancellationToken) is { IsOn: true } on ? on : null;
        FactorKind needed = authenticator is not null ? FactorKind.Authenticator : account.NeedsSignInToken ? FactorKind.Mailbox : FactorKind.None;
        if (needed == FactorKind.None || (deviceId is not null && await browsers.IsTrustedAsync(account.Did, deviceId, cancellationToken)))
        {
            return FactorKind.None;
        }

        if (string.IsNullOrWhiteSpace(token))
        {
            throw await AskAsync(account, needed, cancellationToken);
        }

        if (authenticator is null)
        {
            await RequireTokenAsync(account, token, address, cancellationToken);
        }
        else
        {
            await codes.RequireAsync(account.Did, authenticator, token, address, cancellationToken);
        }

        return needed;
    }

    private async ValueTask<XrpcException> AskAsync(Account account, FactorKind needed, CancellationToken cancellationToken)
    {
        if (needed == FactorKind.Authenticator)
        {
            return new XrpcException(AccountErrors.AuthFactorTokenRequired, "A code of your authenticator app is required, or a recovery code");
        }

        await mails.SendTokenAsync(EmailTokenPurpose.SignIn, account, cancellationToken);
        return new XrpcException(AccountErrors.AuthFactorTokenRequired, "A sign in code has been sent to your email address");
    }

    private async ValueTask RequireTokenAsync(Account account, string token, IPAddress? address, CancellationToken cancellationToken)
    {
        // Counted apart from passwords: the right one was given, which clears their count. A new token is a new chance, so tokens need one of their own.
        string subject = $"sign-in token {account.Did}";
        attempts.RequireOpen(subject, address, options.Value.MaxWrongEmailTokens);
        try
        {
            await tokens.ConsumeAsync(EmailTokenPurpose.SignIn, account.Did, token, cancellationToken);
        }
        catch (XrpcException)
        {
            attempts.Add(subject, address);
            throw;
        }

        attempts.Forget(subject, address);
    }
}

/// <summary>Second factors.</summary>
public enum FactorKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>A token from the mailbox.</summary>
    Mailbox,

    /// <summary>A code of an authenticator app, or a recovery code.</summary>
    Authenticator,
}
