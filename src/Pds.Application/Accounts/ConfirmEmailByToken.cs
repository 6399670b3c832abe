using System.Net;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Confirms an address by what was mailed to it, without signing in. Whatever is wrong, the answer is the same.</summary>
/// <param name="Input">Address and token.</param>
/// <param name="Address">Where the request comes from, if that is known: guessing is counted by it.</param>
public sealed record ConfirmEmailByTokenCommand(ConfirmEmailInput Input, IPAddress? Address = null) : ICommand<Unit>, IAnonymousRequest;

internal sealed class ConfirmEmailByTokenHandler(IAccountStore accounts, EmailTokens tokens, WrongAttempts attempts, SignInSettings options, TimeProvider time)
    : IRequestHandler<ConfirmEmailByTokenCommand, Unit>
{
    private const string Subject = "e-mail confirmation";

    public async Task<Unit> Handle(ConfirmEmailByTokenCommand command, CancellationToken cancellationToken)
    {
        attempts.MailedTokens.RequireOpen(Subject, command.Address, options.MaxWrongEmailTokens);
        try
        {
            string email = EmailAddress.Normalize(PastedText.Clean(command.Input.Email));
            EmailToken token = await tokens.RequireAsync(EmailTokenPurpose.ConfirmEmail, command.Input.Token, cancellationToken);
            await accounts.UpdateAsync(token.Did, account => Confirm(account, email, token), cancellationToken);
        }
        catch (XrpcException)
        {
            attempts.MailedTokens.Add(Subject, command.Address, options.MaxWrongEmailTokens);
            throw new XrpcException(AccountErrors.InvalidToken, "The code is wrong or too old, or was sent to another address.");
        }

        return Unit.Value;
    }

    private AccountChange Confirm(Account account, string email, EmailToken token) => account.Email == email
        ? new AccountChange(account with { EmailConfirmedAt = time.GetUtcNow() }, []) { Consumes = token }
        : throw new XrpcException(AccountErrors.InvalidEmail, "invalid email");
}
