using System.Net;
using Microsoft.Extensions.Options;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>The second factor: a token from the mailbox, for those who want it. App passwords are for programs, which read no mail.</summary>
internal sealed class SignInFactor(EmailTokens tokens, AccountMails mails, WrongAttempts attempts, IOptions<AccountOptions> options)
{
    /// <summary>Requires the token, if the account wants one; without one, mails it.</summary>
    /// <param name="account">Who signs in; the password was right.</param>
    /// <param name="appPassword">The app password, if it was one.</param>
    /// <param name="token">What was given as token.</param>
    /// <param name="address">Where the request comes from, if that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">AuthFactorTokenRequired, InvalidToken, ExpiredToken, RateLimitExceeded.</exception>
    public async ValueTask RequireAsync(Account account, AppPassword? appPassword, string? token, IPAddress? address, CancellationToken cancellationToken)
    {
        if (appPassword is not null || !account.NeedsSignInToken)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(token))
        {
            await mails.SendTokenAsync(EmailTokenPurpose.SignIn, account, cancellationToken);
            throw new XrpcException(AccountErrors.AuthFactorTokenRequired, "A sign in code has been sent to your email address");
        }

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
