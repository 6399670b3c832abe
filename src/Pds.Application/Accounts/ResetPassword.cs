using System.Net;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Sets a new password by a token from the mailbox, and ends all sessions. Lexicon: <c>com.atproto.server.resetPassword</c>.</summary>
/// <param name="Input">Token and password.</param>
/// <param name="Address">Where the request comes from, if that is known: guessing is counted by it.</param>
[XrpcMethod("com.atproto.server.resetPassword")]
[RateLimit(50, RateLimitWindow.FiveMinutes)]
public sealed record ResetPasswordCommand(ResetPasswordInput Input, IPAddress? Address = null) : ICommand<Unit>, IAnonymousRequest;

/// <summary>The token and the new password.</summary>
public sealed record ResetPasswordInput
{
    /// <summary>The token from the mailbox; it alone names the account.</summary>
    public required string Token { get; init; }

    /// <summary>The new password, 8 to 256 characters.</summary>
    public required string Password { get; init; }

    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(ResetPasswordInput);
}

internal sealed class ResetPasswordHandler(
    IAccountStore accounts, EmailTokens tokens, IPasswordHasher hasher, PasswordCheck passwords, WrongAttempts attempts, SignInSettings options)
    : IRequestHandler<ResetPasswordCommand, Unit>
{
    private const string Subject = "password reset";

    public async Task<Unit> Handle(ResetPasswordCommand command, CancellationToken cancellationToken)
    {
        PasswordRules.CheckReplacement(command.Input.Password);
        EmailToken token = await FindTokenAsync(command, cancellationToken);
        string hash = await hasher.HashAsync(command.Input.Password, cancellationToken);
        await accounts.UpdateAsync(
            token.Did,
            account => new AccountChange(account with { PasswordHash = hash }, []) { EndSessions = true, Consumes = token },
            cancellationToken);
        passwords.Unlock(token.Did, command.Address);
        return Unit.Value;
    }

    /// <summary>The token is looked for among everybody's, so guesses are counted by where they come from.</summary>
    private async ValueTask<EmailToken> FindTokenAsync(ResetPasswordCommand command, CancellationToken cancellationToken)
    {
        attempts.MailedTokens.RequireOpen(Subject, command.Address, options.MaxWrongEmailTokens);
        try
        {
            return await tokens.RequireAsync(EmailTokenPurpose.ResetPassword, command.Input.Token, cancellationToken);
        }
        catch (XrpcException)
        {
            attempts.MailedTokens.Add(Subject, command.Address, options.MaxWrongEmailTokens);
            throw;
        }
    }
}
