using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Accounts;

/// <summary>
/// Mails a token for a new password to an address, if it is an account's. Neither the answer nor its time tells whether it is.
/// Lexicon: <c>com.atproto.server.requestPasswordReset</c>.
/// </summary>
[XrpcMethod("com.atproto.server.requestPasswordReset")]
[RateLimit(50, RateLimitWindow.Day)]
[RateLimit(15, RateLimitWindow.Hour)]
public sealed record RequestPasswordResetCommand(RequestPasswordResetInput Input) : ICommand<Unit>, IAnonymousRequest;

/// <summary>Who forgot the password.</summary>
/// <param name="Email">The account's address, compared without regard to case.</param>
public sealed record RequestPasswordResetInput(string Email)
{
    /// <summary>Nothing: addresses stay out of logs.</summary>
    public override string ToString() => nameof(RequestPasswordResetInput);
}

internal sealed class RequestPasswordResetHandler(IAccountStore accounts, AccountMails mails, EvenPace pace) : IRequestHandler<RequestPasswordResetCommand, Unit>
{
    public Task<Unit> Handle(RequestPasswordResetCommand command, CancellationToken cancellationToken) =>
        pace.RunAsync(() => BeginAsync(command.Input.Email, cancellationToken), cancellationToken);

    private async Task<Unit> BeginAsync(string email, CancellationToken cancellationToken)
    {
        if (await accounts.FindByEmailAsync(email, cancellationToken) is { } account)
        {
            await mails.BeginTokenAsync(EmailTokenPurpose.ResetPassword, account, cancellationToken);
        }

        return Unit.Value;
    }
}
