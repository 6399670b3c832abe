using System.Net;
using Pds.Application.Factors;
using Pds.Application.Settings;
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
    SignInSettings options)
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
        FactorKind kind = appPassword is null ? await FindNeedAsync(account, deviceId: null, cancellationToken) : FactorKind.None;
        if (kind == FactorKind.None)
        {
            return;
        }

        if (!string.IsNullOrWhiteSpace(token))
        {
            await RequireAsync(account, kind, token, address, cancellationToken);
            return;
        }

        await AskAsync(account, kind, cancellationToken);
        throw new XrpcException(
            AccountErrors.AuthFactorTokenRequired,
            kind == FactorKind.Authenticator ? "A code of your authenticator app is required, or a recovery code" : "A sign in code has been sent to your email address");
    }

    /// <summary>What an account wants to be given beside the password.</summary>
    /// <param name="account">Who signs in.</param>
    /// <param name="deviceId">The browser; where the account trusts it, nothing is needed. <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<FactorKind> FindNeedAsync(Account account, string? deviceId, CancellationToken cancellationToken)
    {
        FactorKind kind = await authenticators.FindAsync(account.Did, cancellationToken) is { IsOn: true } ? FactorKind.Authenticator
            : account.NeedsSignInToken ? FactorKind.Mailbox
            : FactorKind.None;
        return kind != FactorKind.None && deviceId is not null && await browsers.IsTrustedAsync(account.Did, deviceId, cancellationToken) ? FactorKind.None : kind;
    }

    /// <summary>Asks for the factor: mails the token where that is it.</summary>
    /// <exception cref="XrpcException">UpstreamFailure when the mail could not be handed over.</exception>
    public Task AskAsync(Account account, FactorKind kind, CancellationToken cancellationToken) =>
        kind == FactorKind.Mailbox ? mails.SendTokenAsync(EmailTokenPurpose.SignIn, account, cancellationToken) : Task.CompletedTask;

    /// <summary>Requires the factor.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken, RateLimitExceeded.</exception>
    public async ValueTask RequireAsync(Account account, FactorKind kind, string token, IPAddress? address, CancellationToken cancellationToken)
    {
        if (kind == FactorKind.Mailbox)
        {
            await RequireTokenAsync(account, token, address, cancellationToken);
        }
        else if (kind == FactorKind.Authenticator)
        {
            Authenticator authenticator = await authenticators.FindAsync(account.Did, cancellationToken) ?? throw AuthenticatorCheck.Wrong();
            await codes.RequireAsync(account.Did, authenticator, token, address, cancellationToken);
        }
    }

    private async ValueTask RequireTokenAsync(Account account, string token, IPAddress? address, CancellationToken cancellationToken)
    {
        // Counted apart from passwords: the right one was given, which clears their count. A new token is a new chance, so tokens need one of their own.
        string subject = $"sign-in token {account.Did}";
        attempts.MailedTokens.RequireOpen(subject, address, options.MaxWrongEmailTokens);
        try
        {
            await tokens.ConsumeAsync(EmailTokenPurpose.SignIn, account.Did, token, cancellationToken);
        }
        catch (XrpcException)
        {
            attempts.MailedTokens.Add(subject, address, options.MaxWrongEmailTokens);
            throw;
        }

        attempts.MailedTokens.Forget(subject, address);
    }
}

/// <summary>Second factors.</summary>
internal enum FactorKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>A token from the mailbox.</summary>
    Mailbox,

    /// <summary>A code of an authenticator app, or a recovery code.</summary>
    Authenticator,
}
